package io.tidegate.feed;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The followers of an {@link Interest} that have read everything and wait for more.
 *
 * <p>Everything but {@link #moveTo} takes the same short time however many there are. Who leaves is forgotten at once: in an
 * idle feed clients may come and go for days. There are as many as there are interests, so one where nobody has parked is small.
 */
final class ParkingLot {

    private static final @Nullable Wakeup[] NOBODY = {};

    private @Nullable Wakeup[] parked = NOBODY;
    private int count;

    synchronized void park(Wakeup wakeup) {
        if (wakeup.place != Wakeup.NOT_PARKED) {
            return;
        }
        if (count == parked.length) {
            parked = Arrays.copyOf(parked, Math.max(1, count * 2));
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

    /** All that are parked get a turn in this round; they are parked no longer. */
    synchronized void moveTo(Round round) {
        // First of all: if there is no memory for it, everybody stays parked.
        round.makeRoom(count);
        for (int i = 0; i < count; i++) {
            Wakeup wakeup = parked[i];
            if (wakeup != null) {
                wakeup.place = Wakeup.NOT_PARKED;
            }
            round.add(wakeup);
            parked[i] = null;
        }
        count = 0;
    }
}
