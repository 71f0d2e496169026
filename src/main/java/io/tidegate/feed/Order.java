package io.tidegate.feed;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Decides which change comes when: alone ({@link LocalOrder}), or together with other nodes.
 *
 * <pre>
 *  offer ─► order ─► groups, one after the other ─► commit: check, number, store, show, settle
 * </pre>
 *
 * <p>What it decides is told by offsets: they only grow, and may have holes. A change whose precondition does not hold takes an
 * offset, but no number. The log remembers the offset at which it goes on, and the order starts there.
 *
 * <p>All methods but {@link #start} may be called by any thread, and do not block.
 */
public interface Order {

    /** Takes the groups; called by one thread at a time, the one that the store is written by. */
    interface Sink {

        /**
         * From now on the group is the sink's, which settles what was published here. Quick; an order that is abandoned has
         * handed over a group either wholly or not at all.
         */
        void begin(List<Ordered> group);

        /**
         * Commits the group that has begun. Blocks.
         *
         * @param offset where the order goes on after it
         * @return false if the store did not take it: what was published here is refused. Where others have the group as well
         *     it has to be handed over again
         */
        boolean commit(List<Ordered> group, long offset);
    }

    /**
     * How much was offered that has not begun.
     *
     * @param bytes about how many
     */
    record Backlog(int updates, long bytes) {}

    /**
     * Starts to hand over groups. Called once, and before all other methods.
     *
     * @param offset where the log goes on; 0 is the beginning
     */
    void start(long offset, Sink sink);

    /** Takes a publication, which comes back in a group, or refuses it. */
    void offer(Publication publication);

    /** Whether who publishes without end may go on. */
    boolean hasRoom();

    /** Signals when there is room again; at once if there is now. */
    void awaitRoom(Wakeup wakeup);

    /** Who waited for room has gone. */
    void leave(Wakeup wakeup);

    Backlog backlog();

    /**
     * Refuses further changes.
     *
     * @return done when the sink has committed all that was offered
     */
    CompletionStage<Void> drain();

    /** Refuses all that was offered and has not begun, and whatever comes; no group begins from now on. */
    void abandon();
}
