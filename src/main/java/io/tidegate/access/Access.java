package io.tidegate.access;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way in: who a client is by what it shows, and the {@link Pass} that it gets. Thread-safe.
 *
 * @param attempts counts those that failed
 * @param clock tells when an identity ends
 * @param refusals hears of who was nobody
 * @param allowances what each may have and do
 */
public record Access(
        Authenticator authenticator, Attempts attempts, InstantSource clock, Refusals refusals, Allowances allowances) {

    /** Everybody may do everything. */
    public static final Access OPEN = new Access(Authenticator.OPEN, Attempts.UNCOUNTED, InstantSource.system());

    /** How those are spoken to who show a certificate: nothing was said yet. */
    private static final String BY_CERTIFICATE = "tls";

    /** A way in without limits, of which nobody hears who was nobody. */
    public Access(Authenticator authenticator, Attempts attempts, InstantSource clock) {
        this(authenticator, attempts, clock, Refusals.UNHEARD, Allowances.UNCOUNTED);
    }

    /** The same way in, of which somebody else hears who was nobody. */
    public Access telling(Refusals others) {
        return new Access(authenticator, attempts, clock, others, allowances);
    }

    /** The same way in, where another one knows who somebody is. */
    public Access by(Authenticator other) {
        return new Access(other, attempts, clock, refusals, allowances);
    }

    /** The same way in, where that is what each may have and do. */
    public Access within(Allowances others) {
        return new Access(authenticator, attempts, clock, refusals, others);
    }

    /**
     * The pass of a client that has shown nothing but perhaps a certificate.
     *
     * @param from its address
     * @param certificates that were verified, its own first; may be empty
     */
    public Pass enter(InetAddress from, List<X509Certificate> certificates) {
        Identity identity = certificates.isEmpty()
                ? authenticator.anonymous()
                : authenticator
                        .certificate(certificates, why -> refusals.refused(why, from, BY_CERTIFICATE))
                        .orElseGet(authenticator::anonymous);
        return passOf(identity, from);
    }

    /** The pass of a client that has proven who it is. */
    public Pass passOf(Identity identity, InetAddress from) {
        return new Pass(this, from, identity);
    }

    /**
     * Whose token that is; never fails. Where everybody may do everything nobody asks, and any is as good as none.
     *
     * @param transport how the client is spoken to
     */
    public CompletionStage<Attempt> show(String token, InetAddress from, String transport) {
        if (authenticator.isOpen()) {
            return CompletableFuture.completedStage(new Attempt.Succeeded(authenticator.anonymous()));
        }
        Consumer<FailureReason> refused = why -> refusals.refused(why, from, transport);
        if (!mayTry(from, refused)) {
            return CompletableFuture.completedStage(new Attempt.Refused());
        }
        return authenticator.token(token, refused).thenApply(identity -> identity.map(
                        each -> proven(each, from, refused))
                .orElseGet(() -> failed(from)));
    }

    private boolean mayTry(InetAddress from, Consumer<FailureReason> refused) {
        boolean may = attempts.mayTry(from);
        if (!may) {
            refused.accept(FailureReason.ADDRESS);
        }
        return may;
    }

    private Attempt proven(Identity identity, InetAddress from, Consumer<FailureReason> refused) {
        if (hasEnded(identity)) {
            refused.accept(FailureReason.EXPIRED);
            return failed(from);
        }
        return new Attempt.Succeeded(identity);
    }

    private Attempt failed(InetAddress from) {
        attempts.failed(from);
        return new Attempt.Failed();
    }

    /**
     * An identity that was proven before, and is shown now by what stands for it.
     *
     * @param before null if that stands for nobody
     * @param transport how the client is spoken to
     */
    public Attempt showAgain(@Nullable Identity before, InetAddress from, String transport) {
        Consumer<FailureReason> refused = why -> refusals.refused(why, from, transport);
        if (!mayTry(from, refused)) {
            return new Attempt.Refused();
        }
        Optional<Identity> now = before == null ? Optional.empty() : authenticator.now(before);
        if (now.isEmpty()) {
            refused.accept(FailureReason.TICKET);
            return failed(from);
        }
        return proven(now.get(), from, refused);
    }

    boolean hasEnded(Identity identity) {
        Instant end = identity.expiresAt();
        return end != null && !clock.instant().isBefore(end);
    }
}
