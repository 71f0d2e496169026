package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Where that runs which the program hangs on the stages that it is given: beside its own actors, on the default dispatcher. On the
 * thread that a result comes from, a callback would hold up all that waits for this thread; on that of the commit, one that waits for
 * another commit would wait for itself.
 */
final class Callbacks implements Executor {

    private final Executor dispatcher;

    Callbacks(ActorSystem<?> system) {
        dispatcher = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    /** From any thread, which is not kept. */
    @Override
    public void execute(Runnable task) {
        orHere(task, () -> dispatcher.execute(task));
    }

    /** A stage for the program that ends as that one does. */
    <T> CompletionStage<T> of(CompletionStage<T> own) {
        return on(this, own);
    }

    /** The same of one that ends when there is no dispatcher any more. */
    static <T> CompletionStage<T> afterTheEnd(CompletionStage<T> own) {
        return on(task -> orHere(task, () -> new Thread(task, "tidegate-ended").start()), own);
    }

    private static <T> CompletionStage<T> on(Executor executor, CompletionStage<T> own) {
        var result = new CompletableFuture<T>();
        var unused = own.whenComplete((value, failure) -> executor.execute(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    /** If no thread can be made, say: somebody may wait for it. What was begun elsewhere as well does no harm. */
    private static void orHere(Runnable task, Runnable elsewhere) {
        try {
            elsewhere.run();
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }
}
