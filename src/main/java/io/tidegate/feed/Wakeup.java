package io.tidegate.feed;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells one follower that there may be something new for it; it then looks at everything it waits for.
 *
 * <p>Signals coalesce: until the follower has called {@link #reset}, further ones cost a volatile read. So a batch that
 * settles a thousand publications of one connection wakes that connection once.
 */
public final class Wakeup {

    static final int NOT_PARKED = -1;

    private final Executor turns;
    private final Runnable turn;
    private final AtomicBoolean signalled = new AtomicBoolean();

    /** Place in the {@link ParkingLot} of its interest, guarded by that; it leaves one before it parks in another. */
    int place = NOT_PARKED;

    /**
     * The wakeup of one follower.
     *
     * @param turns where a signal queues the turn up; takes it from any thread, without blocking
     * @param turn the follower resets the wakeup and looks; neither blocks nor throws
     */
    public Wakeup(Executor turns, Runnable turn) {
        this.turns = turns;
        this.turn = turn;
    }

    /** From any thread. */
    public void signal() {
        if (!signalled.get() && signalled.compareAndSet(false, true)) {
            turns.execute(turn);
        }
    }

    /** Gives the follower its turn now, on this thread. */
    void giveTurn() {
        turn.run();
    }

    /** By the follower, before it looks: what changes from now on signals again. */
    public void reset() {
        signalled.set(false);
    }
}
