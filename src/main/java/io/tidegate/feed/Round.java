package io.tidegate.feed;

import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Those who get a turn in one round. Used by one thread until the turns are given. */
final class Round {

    /** Followers that get their turns one after the other, as one turn: queueing each would cost more than it evens out. */
    private static final int AT_ONCE = 16;

    private @Nullable Wakeup[] wakeups = new @Nullable Wakeup[AT_ONCE];
    private int count;

    /** What is added next, so many, needs no memory. */
    void makeRoom(int more) {
        if (count + more > wakeups.length) {
            wakeups = Arrays.copyOf(wakeups, Math.max(count + more, 2 * wakeups.length));
        }
    }

    void add(@Nullable Wakeup wakeup) {
        wakeups[count++] = wakeup;
    }

    /** @param turns takes the turns, some followers at once */
    void giveTurns(Executor turns) {
        for (int from = 0; from < count; from += AT_ONCE) {
            int first = from;
            turns.execute(() -> giveTurns(first, Math.min(count, first + AT_ONCE)));
        }
    }

    private void giveTurns(int from, int end) {
        for (int i = from; i < end; i++) {
            Wakeup wakeup = wakeups[i];
            if (wakeup != null) {
                wakeup.giveTurn();
            }
        }
    }
}
