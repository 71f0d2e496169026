package io.tidegate.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Knows who somebody is by what they show. Thread-safe; no method blocks. */
public interface Authenticator {

    /** For a server that asks nobody who they are. */
    Authenticator OPEN = new Authenticator() {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public Identity anonymous() {
            return Identity.ANYBODY;
        }

        @Override
        public CompletionStage<Optional<Identity>> token(String token, Consumer<FailureReason> refused) {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public Optional<Identity> certificate(List<X509Certificate> chain, Consumer<FailureReason> refused) {
            return Optional.empty();
        }

        @Override
        public Optional<Identity> now(Identity identity) {
            return Optional.of(identity);
        }

        @Override
        public long version() {
            return 0;
        }
    };

    /** Whether everybody may do everything, since there are no identities. */
    boolean isOpen();

    /** Who has shown nothing. */
    Identity anonymous();

    /**
     * Whose token that is.
     *
     * @param refused told why it is nobody's, before the stage completes
     * @return never fails; empty if it is nobody's: wrong, malformed, expired or revoked, which makes no difference to who shows it
     */
    CompletionStage<Optional<Identity>> token(String token, Consumer<FailureReason> refused);

    /**
     * Whose certificate that is, which was verified.
     *
     * @param chain the client's own first; may be empty
     * @param refused told why it is nobody's
     * @return empty if it is nobody's
     */
    Optional<Identity> certificate(List<X509Certificate> chain, Consumer<FailureReason> refused);

    /** An identity as it is now, after what is known has changed; empty if it is nobody's any more. */
    Optional<Identity> now(Identity identity);

    /** Changes whenever {@link #now} or {@link #anonymous} may have a different answer. */
    long version();
}
