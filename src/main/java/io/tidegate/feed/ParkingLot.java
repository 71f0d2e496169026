package io.tidegate.feed;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The followers that have read everything and wait for more.
 *
 * <p>Everything but {@link #wakeAll} takes the same short time however many there are. Who leaves is forgotten at once: in an
 * idle feed clients may come and go for days.
 */
final class ParkingLot {

    private @Nullable Wakeup[] parked = new @Nullable Wakeup[16];
    private int count;

    /** The array of the round before, for the next one; null while a round is under way. */
    private @Nullable Wakeup @Nullable [] spare;

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

    /** Signals all that are parked; they are parked no longer. One caller at a time. */
    void wakeAll() {
        @Nullable Wakeup[] round;
        int size;
        synchronized (this) {
            round = parked;
            size = count;
            for (int i = 0; i < size; i++) {
                Wakeup wakeup = round[i];
                if (wakeup != null) {
                    wakeup.place = Wakeup.NOT_PARKED;
                }
            }
            parked = spare != null && spare.length >= size ? spare : new @Nullable Wakeup[round.length];
            count = 0;
            spare = null;
        }
        for (int i = 0; i < size; i++) {
            Wakeup wakeup = round[i];
            round[i] = null;
            if (wakeup != null) {
                wakeup.signal();
            }
        }
        synchronized (this) {
            spare = round;
        }
    }
}
