package io.tidegate.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A stage of Akka's, made one of the JDK's.
 *
 * <p>What Akka gives as a {@link CompletionStage} is a future of Scala's in disguise, whose {@code thenApply} and the like run
 * on the JDK's default executor: where there are two processors or fewer, each of them starts a thread of the operating
 * system. What depends on a plain stage runs on the thread that completes it, which is one of Akka's: it may not block.
 */
public final class PlainStage {

    private PlainStage() {}

    /** A stage that ends as this one does. */
    public static <T> CompletionStage<T> of(CompletionStage<T> akka) {
        var plain = new CompletableFuture<T>();
        var unused = akka.whenCompleteAsync((result, failure) -> end(plain, result, failure), Runnable::run);
        return plain;
    }

    /**
     * The same, for what may take its time: what hangs on it runs there, unless it has ended already, or the executor takes nothing.
     */
    public static <T> CompletionStage<T> of(CompletionStage<T> akka, Executor executor) {
        CompletionStage<T> own = of(akka);
        if (own.toCompletableFuture().isDone()) {
            return own;
        }
        var plain = new CompletableFuture<T>();
        var unused = own.whenComplete((result, failure) -> {
            try {
                executor.execute(() -> end(plain, result, failure));
            } catch (RuntimeException | Error e) {
                // No thread could be made, say: somebody may wait for it.
                end(plain, result, failure);
            }
        });
        return plain;
    }

    private static <T> void end(CompletableFuture<T> plain, T result, @Nullable Throwable failure) {
        if (failure == null) {
            plain.complete(result);
        } else {
            plain.completeExceptionally(failure);
        }
    }
}
