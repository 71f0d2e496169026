package io.tidegate.access;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way in: who a client is by what it shows, and the {@link Pass} that it gets. Thread-safe.
 *
 * @param attempts counts those that failed
 * @param clock tells when an identity ends
 */
public record Access(Authenticator authenticator, Attempts attempts, InstantSource clock) {

    /** Everybody may do everything. */
    public static final Access OPEN = new Access(Authenticator.OPEN, Attempts.UNCOUNTED, InstantSource.system());

    /** No token is longer; what is longer is not looked at. */
    static final int MAX_TOKEN_LENGTH = 8 * 1024;

    /**
     * The pass of a client that has shown nothing but perhaps a certificate.
     *
     * @param from its address
     * @param certificates that were verified, its own first; may be empty
     */
    public Pass enter(InetAddress from, List<X509Certificate> certificates) {
        Identity identity = certificates.isEmpty()
                ? authenticator.anonymous()
                : authenticator.certificate(certificates).orElseGet(authenticator::anonymous);
        return passOf(identity, from);
    }

    /** The pass of a client that has proven who it is. */
    public Pass passOf(Identity identity, InetAddress from) {
        return new Pass(this, from, identity);
    }

    /** Whose token that is; never fails. Where everybody may do everything nobody asks, and any is as good as none. */
    public CompletionStage<Attempt> show(String token, InetAddress from) {
        if (authenticator.isOpen()) {
            return CompletableFuture.completedStage(new Attempt.Succeeded(authenticator.anonymous()));
        }
        if (!attempts.mayTry(from)) {
            return CompletableFuture.completedStage(new Attempt.Refused());
        }
        if (token.length() > MAX_TOKEN_LENGTH) {
            return CompletableFuture.completedStage(outcome(null, from));
        }
        return authenticator.token(token).thenApply(identity -> outcome(identity.orElse(null), from));
    }

    private Attempt outcome(@Nullable Identity identity, InetAddress from) {
        if (identity == null || hasEnded(identity)) {
            attempts.failed(from);
            return new Attempt.Failed();
        }
        return new Attempt.Succeeded(identity);
    }

    /**
     * An identity that was proven before, and is shown now by what stands for it.
     *
     * @param before null if that stands for nobody
     */
    public Attempt showAgain(@Nullable Identity before, InetAddress from) {
        if (!attempts.mayTry(from)) {
            return new Attempt.Refused();
        }
        return outcome(before == null ? null : authenticator.now(before).orElse(null), from);
    }

    boolean hasEnded(Identity identity) {
        Instant end = identity.expiresAt();
        return end != null && !clock.instant().isBefore(end);
    }
}
