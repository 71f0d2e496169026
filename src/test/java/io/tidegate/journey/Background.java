package io.tidegate.journey;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a thread of its own, and the bounded wait for its result. */
final class Background {

    /** No single wait of a journey takes longer: what should come comes much earlier, even on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(150);

    private Background() {}

    /** Starts a daemon thread; whatever the work throws fails the future. */
    static <T> CompletableFuture<T> start(String name, Callable<T> work) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /**
     * Waits for a result.
     *
     * @param what completes the sentence "waited in vain for …"
     * @throws AssertionError the one that the work threw, or a new one about a failure or a wait in vain
     */
    static <T> T await(Future<T> result, String what) throws InterruptedException {
        try {
            return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain for " + what, e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }
}
