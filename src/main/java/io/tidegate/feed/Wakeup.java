package io.tidegate.feed;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells one follower that there may be something new for it; it then looks at everything it waits for.
 *
 * <p>Signals coalesce: until the follower has called {@link #reset}, further ones cost a volatile read. So a batch that
 * settles a thousand publications of one connection wakes that connection once.
 */
public final class Wakeup {

    private final Runnable follower;
    private final AtomicBoolean signalled = new AtomicBoolean();

    /** Set while the hub's list of parked followers holds this; the link to the next one in that list. */
    private final AtomicBoolean parked = new AtomicBoolean();

    private @Nullable Wakeup nextParked;

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

    boolean markParked() {
        return parked.compareAndSet(false, true);
    }

    void linkTo(@Nullable Wakeup next) {
        nextParked = next;
    }

    /** Takes this out of the list and signals; returns the next in the list. */
    @Nullable
    Wakeup unpark() {
        // Read before the mark is cleared: from then on the follower may park again and set a new link.
        Wakeup next = nextParked;
        nextParked = null;
        parked.set(false);
        signal();
        return next;
    }
}
