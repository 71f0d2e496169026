package io.tidegate.feed;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides which change comes when: alone ({@link LocalOrder}), or together with other nodes.
 *
 * <pre>
 *  offer ─► order ─► groups, one after the other ─► commit: check, number, store, show, settle
 * </pre>
 *
 * <p>What it decides is told by offsets: they only grow, and may have holes. A change whose precondition does not hold takes an
 * offset, but no number. The log remembers how it goes on ({@link OrderState}), and the order starts there.
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
        void begin(List<? extends Ordered> group);

        /**
         * Commits the group that has begun. Blocks.
         *
         * @param after how the order goes on after it
         * @param atMillis when it was put in order, in milliseconds since the epoch; not before the group before it
         * @return why the store did not take it, and then nothing of it is settled: what nobody else has is refused, and what others
         *     have as well has to be handed over again. Null if it is committed
         */
        Publication.@Nullable Refusal commit(List<? extends Ordered> group, OrderState after, long atMillis);

        /**
         * What is committed from now on is numbered in an epoch of that name: positions that somebody has seen beyond here are no longer
         * those of this feed. Blocks.
         *
         * @param after how the order goes on after it
         * @return whether it has begun, or had before; otherwise it has to be begun again
         */
        boolean beginEpoch(String name, OrderState after);
    }

    /**
     * How much was offered that has not begun.
     *
     * @param bytes about how many
     */
    record Backlog(int updates, long bytes) {}

    /**
     * Whether other nodes commit the same groups. Then a change that cannot be decided about must not be left out: its group is handed
     * over again.
     */
    boolean isShared();

    /**
     * Starts to hand over groups. Called once, and before all other methods.
     *
     * @param state how the log goes on
     */
    void start(OrderState state, Sink sink);

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
     * Whether the thread that calls the sink has time for something else, since nothing waits for it. Where others may have
     * put something in order that is to be read, it has none.
     */
    default boolean isIdle() {
        return false;
    }

    /**
     * Refuses further changes.
     *
     * @return done when the sink has committed all that was offered
     */
    CompletionStage<Void> drain();

    /** Refuses all that was offered and has not begun, and whatever comes; no group begins from now on. */
    void abandon();

    /**
     * Time passes; to be called every now and then.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    default void look(long nowNanos) {}

    /** Why what is put in order elsewhere does not come here, or comes late; null if all is well. */
    default @Nullable String trouble() {
        return null;
    }
}
