package io.tidegate.feed;

import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The followers that have read everything and wait for more.
 *
 * <p>Everything but {@link #wakeAll} takes the same short time however many there are. Who leaves is forgotten at once: in an
 * idle feed clients may come and go for days.
 */
final class ParkingLot {

    /** Followers that get their turns one after the other, as one turn: queueing each would cost more than it evens out. */
    private static final int AT_ONCE = 16;

    private @Nullable Wakeup[] parked = new @Nullable Wakeup[16];
    private int count;

    synchronized void park(Wakeup wakeup) {
        if (wakeup.place != Wakeup.NOT_PARKED) {
            return;
        }
        if (count == parked.length) {
            parked = Arrays.copyOf(parked, count * 2);
        }
        wakeup.place = count;
        parked[count++] = wakeup;
    }

    synchronized void leave(Wakeup wakeup) {
        int place = wakeup.place;
        if (place == Wakeup.NOT_PARKED) {
            return;
        }
        wakeup.place = Wakeup.NOT_PARKED;
        Wakeup last = parked[--count];
        parked[count] = null;
        if (last != null && last != wakeup) {
            parked[place] = last;
            last.place = place;
        }
    }

    /**
     * Gives all that are parked a turn; they are parked no longer.
     *
     * @param turns takes the turns, some followers at once
     */
    void wakeAll(Executor turns) {
        @Nullable Wakeup[] round;
        int size;
        synchronized (this) {
            // First of all: if there is no memory for it, everybody stays parked.
            @Nullable Wakeup[] empty = new @Nullable Wakeup[parked.length];
            round = parked;
            size = count;
            for (int i = 0; i < size; i++) {
                Wakeup wakeup = round[i];
                if (wakeup != null) {
                    wakeup.place = Wakeup.NOT_PARKED;
                }
            }
            parked = empty;
            count = 0;
        }
        for (int from = 0; from < size; from += AT_ONCE) {
            int first = from;
            int end = Math.min(size, from + AT_ONCE);
            turns.execute(() -> giveTurns(round, first, end));
        }
    }

    private static void giveTurns(@Nullable Wakeup[] round, int from, int end) {
        for (int i = from; i < end; i++) {
            Wakeup wakeup = round[i];
            if (wakeup != null) {
                wakeup.giveTurn();
            }
        }
    }
}
