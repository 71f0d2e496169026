package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import io.tidegate.connection.PlainStage;
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

    /** From any thread, which is not kept, unless no thread can be made: somebody may wait for what it does. */
    @Override
    public void execute(Runnable task) {
        try {
            dispatcher.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }

    /** A stage for the program that ends as that one does. */
    <T> CompletionStage<T> of(CompletionStage<T> own) {
        return PlainStage.of(own, dispatcher);
    }

    /** The same of one that ends when there is no dispatcher any more. */
    static <T> CompletionStage<T> afterTheEnd(CompletionStage<T> own) {
        return PlainStage.of(own, task -> new Thread(task, "tidegate-ended").start());
    }
}
