package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the feed. It is settled exactly once: accepted with a sequence number when it is durable, or
 * refused, and then nobody is sent it. Thread-safe.
 */
public final class Publication implements Ordered {

    /** Why a change was refused. */
    public enum Refusal {
        /** The server is draining: it takes no more changes. */
        DRAINING,
        /** The value has more bytes than a document may have; see {@link Feed#documentLimit}. */
        TOO_LARGE,
        /** The document was not as the precondition asks. */
        PRECONDITION_FAILED,
        /** The store could not commit it, or not tell whether its precondition holds. */
        STORE_FAILED,
        /** The store is damaged: it cannot commit it, or not tell whether its precondition holds, now or later. */
        STORE_DAMAGED,
        /** What decides about the order with other nodes took nothing in time: it was certainly not taken. */
        UNAVAILABLE,
        /** Nobody knows whether it was taken. */
        UNKNOWN
    }

    private final Change change;
    private final Precondition precondition;
    private final @Nullable PublicationId id;
    private final Runnable whenSettled;
    private long offeredAtNanos;

    /** Set by the commit task before it settles the publication, which makes it visible. */
    private @Nullable Position current;

    private volatile long seq;
    private volatile @Nullable Refusal refusal;

    Publication(Change change, Precondition precondition, Runnable whenSettled) {
        this(change, precondition, null, whenSettled);
    }

    Publication(Change change, Precondition precondition, @Nullable PublicationId id, Runnable whenSettled) {
        this.change = change;
        this.precondition = precondition;
        this.id = id;
        this.whenSettled = whenSettled;
    }

    /** What is published. */
    @Override
    public Change change() {
        return change;
    }

    @Override
    public Precondition precondition() {
        return precondition;
    }

    @Override
    public @Nullable PublicationId id() {
        return id;
    }

    @Override
    public Publication own() {
        return this;
    }

    /** By the order that takes it, before others see it: it was offered at that time or later. */
    public void offeredAt(long nanos) {
        offeredAtNanos = nanos;
    }

    public long offeredAtNanos() {
        return offeredAtNanos;
    }

    public boolean isSettled() {
        return seq != 0 || refusal != null;
    }

    /** Sequence number of the accepted change; 0 if it is not settled or was refused. */
    public long seq() {
        return seq;
    }

    /** Null if it is not settled or was accepted. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** Where the document stood when its precondition was looked at; null if there was none, or it did not come to that. */
    public @Nullable Position current() {
        return seq == 0 && refusal != Refusal.PRECONDITION_FAILED ? null : current;
    }

    /** By the commit task, when it looks whether the precondition holds. */
    void found(@Nullable Position position) {
        current = position;
    }

    /** Does nothing if it is settled already. */
    void accept(long assignedSeq) {
        settle(assignedSeq, null);
    }

    /** Does nothing if it is settled already. */
    public void refuse(Refusal why) {
        settle(0, why);
    }

    private void settle(long assignedSeq, @Nullable Refusal why) {
        synchronized (this) {
            if (isSettled()) {
                return;
            }
            seq = assignedSeq;
            refusal = why;
        }
        whenSettled.run();
    }
}
