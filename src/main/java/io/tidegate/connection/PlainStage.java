package io.tidegate.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

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
        return of(akka, Runnable::run);
    }

    /** The same, for what may take its time: it runs there. */
    static <T> CompletionStage<T> of(CompletionStage<T> akka, Executor executor) {
        var plain = new CompletableFuture<T>();
        var unused = akka.whenCompleteAsync(
                (result, failure) -> {
                    if (failure == null) {
                        plain.complete(result);
                    } else {
                        plain.completeExceptionally(failure);
                    }
                },
                executor);
        return plain;
    }
}
