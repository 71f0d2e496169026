package io.tidegate.feed;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells one follower that there may be something new for it; it then looks at everything it waits for.
 *
 * <p>Signals coalesce: until the follower has called {@link #reset}, further ones cost a volatile read. So a batch that
 * settles a thousand publications of one connection wakes that connection once.
 */
public final class Wakeup {

    static final int NOT_PARKED = -1;

    private final Runnable follower;
    private final AtomicBoolean signalled = new AtomicBoolean();

    /** Place in the hub's {@link ParkingLot}, guarded by that. */
    int place = NOT_PARKED;

    /**
     * The wakeup of one follower.
     *
     * @param follower runs on the thread of whoever signals, so it only posts a message; never blocks or throws
     */
    public Wakeup(Runnable follower) {
        this.follower = follower;
    }

    /** From any thread. */
    public void signal() {
        if (!signalled.get() && signalled.compareAndSet(false, true)) {
            follower.run();
        }
    }

    /** By the follower, before it looks: what changes from now on signals again. */
    public void reset() {
        signalled.set(false);
    }
}
