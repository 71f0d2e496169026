package io.tidegate.feed;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** Gives followers, and whoever else was woken, their turns. A turn neither blocks nor throws. Thread-safe. */
@FunctionalInterface
public interface Turns extends Executor {

    /**
     * Runs what wakes others; who is woken may get the turn on this thread before this returns.
     *
     * @param isIdle whether the thread has nothing better to do; asked before each turn
     */
    default void wake(Runnable waking, BooleanSupplier isIdle) {
        waking.run();
    }
}
