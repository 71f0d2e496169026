package io.tidegate.access;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks JWTs, away from the threads that serve clients, and remembers those that were right. Thread-safe. */
final class JwtCheck {

    private final Map<String, IssuerSettings> issuers;
    private final Map<String, RemoteKeys> remote;
    private final Function<String, KeySet> keys;
    private final Executor verifying;
    private final InstantSource clock;

    /** What those have proven that were checked, by their digests. Guarded by itself. */
    private final Recent<String, Jwt.Proof> remembered;

    /**
     * With nothing remembered.
     *
     * @param remote whence keys are fetched, of the issuers of which they are
     * @param keys those that an issuer has now
     */
    JwtCheck(
            Map<String, IssuerSettings> issuers,
            Map<String, RemoteKeys> remote,
            Function<String, KeySet> keys,
            Executor verifying,
            InstantSource clock,
            int remembered) {
        this.issuers = issuers;
        this.remote = remote;
        this.keys = keys;
        this.verifying = verifying;
        this.clock = clock;
        this.remembered = new Recent<>(remembered);
    }

    /** What one that was checked has proven then; null if it is not remembered. */
    Jwt.@Nullable Proof remembered(String digest) {
        synchronized (remembered) {
            return remembered.get(digest);
        }
    }

    void forget(String digest) {
        synchronized (remembered) {
            remembered.remove(digest);
        }
    }

    /** Checks one that has the form; fails with a {@link RefusedException}, or if there is too much to do. */
    CompletionStage<Jwt.Proof> check(String text, String digest) {
        return CompletableFuture.supplyAsync(() -> proven(text), verifying)
                .thenCompose(Function.identity())
                .thenApply(proof -> {
                    synchronized (remembered) {
                        remembered.put(digest, proof);
                    }
                    return proof;
                });
    }

    private CompletionStage<Jwt.Proof> proven(String text) {
        try {
            Jwt token = Jwt.read(text);
            IssuerSettings issuer = issuers.get(token.issuer());
            if (issuer == null) {
                throw new RefusedException(FailureReason.ISSUER);
            }
            return proven(token, issuer);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** If its key is not known, it may be known to who issues them. */
    private CompletionStage<Jwt.Proof> proven(Jwt token, IssuerSettings issuer) {
        CompletionStage<Jwt.Proof> first = checked(token, issuer);
        RemoteKeys more = remote.get(issuer.issuer());
        return more == null
                ? first
                : first.exceptionallyCompose(failure -> {
                    boolean isUnknownKey =
                            failure instanceof RefusedException refused && refused.reason() == FailureReason.KEY;
                    return isUnknownKey
                            ? more.refresh().thenComposeAsync(isNew -> checked(token, issuer), verifying)
                            : first;
                });
    }

    private CompletionStage<Jwt.Proof> checked(Jwt token, IssuerSettings issuer) {
        try {
            return CompletableFuture.completedFuture(token.check(issuer, keys.apply(issuer.issuer()), clock.instant()));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            // Something in it that the library did not expect.
            return CompletableFuture.failedFuture(new RefusedException(FailureReason.MALFORMED));
        }
    }
}
