package io.tidegate.access;

import io.tidegate.document.Reason;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of an issuer that are fetched: when a token has a key that is not known, and when they are old. Whoever shows tokens
 * cannot make it happen more often than once in {@link #PAUSE}. Thread-safe.
 */
final class RemoteKeys {

    private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

    /** A whole fetch takes no longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Between the beginnings of two. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final int MOST_BYTES = 256 << 10;

    private final IssuerSettings issuer;
    private final IssuerSettings.Keys.Url source;
    private final Executor blocking;
    private final InstantSource clock;
    private final Consumer<KeySet> taker;

    /** Redirects are not followed: keys come from where the configuration says. */
    private final HttpClient client;

    /** When the last one began. This and the next are guarded by this object. */
    private Instant begun = Instant.MIN;

    /** The one that is under way. */
    private @Nullable CompletableFuture<Boolean> running;

    /**
     * Fetches nothing yet.
     *
     * @param blocking runs what waits for the network
     * @param taker is given each set that was fetched
     */
    RemoteKeys(
            IssuerSettings issuer,
            IssuerSettings.Keys.Url source,
            Executor blocking,
            InstantSource clock,
            Consumer<KeySet> taker) {
        this.issuer = issuer;
        this.source = source;
        this.blocking = blocking;
        this.clock = clock;
        this.taker = taker;
        client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Fetches them if that was long ago. */
    void refreshIfOld() {
        var unused = refresh(source.maxAge());
    }

    /** Fetches them, unless that has just been done: true when there are new ones. It never fails. */
    CompletionStage<Boolean> refresh() {
        return refresh(PAUSE);
    }

    private CompletionStage<Boolean> refresh(Duration pause) {
        CompletableFuture<Boolean> fetch;
        synchronized (this) {
            if (running != null) {
                return running;
            }
            Instant now = clock.instant();
            // A clock that was set back does not stop it.
            if (!now.isBefore(begun) && now.isBefore(begun.plus(pause))) {
                return CompletableFuture.completedFuture(false);
            }
            begun = now;
            fetch = new CompletableFuture<>();
            running = fetch;
        }
        try {
            blocking.execute(() -> end(fetch, fetch()));
        } catch (RejectedExecutionException e) {
            end(fetch, false);
        }
        return fetch;
    }

    private void end(CompletableFuture<Boolean> fetch, boolean isNew) {
        synchronized (this) {
            running = null;
        }
        fetch.complete(isNew);
    }

    private boolean fetch() {
        try {
            taker.accept(KeySet.ofJwks(new String(body(), StandardCharsets.UTF_8), issuer.algorithms()));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "Keys of {} cannot be fetched from {}, those that there are stay: {}",
                    issuer.issuer(),
                    source.address(),
                    Reason.of(e));
            return false;
        }
    }

    private byte[] body() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(source.address())
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new LimitedBody(MOST_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("it answers " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(Reason.of(e.getCause() == null ? e : e.getCause()), e);
        } finally {
            // The exchange ends with it, where it has not ended yet.
            answer.cancel(true);
        }
    }
}
