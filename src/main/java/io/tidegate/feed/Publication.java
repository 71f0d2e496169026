package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the feed. It is settled exactly once: accepted with a sequence number when it is durable, or
 * refused, and then nobody is sent it. Thread-safe.
 */
public final class Publication {

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
        STORE_DAMAGED
    }

    private final Change change;
    private final Precondition precondition;
    private final Runnable whenSettled;
    private long queuedSinceNanos;

    // Set by the commit task before it settles the publication, which makes them visible.
    private @Nullable Refusal verdict;
    private @Nullable Position current;

    private volatile long seq;
    private volatile @Nullable Refusal refusal;

    Publication(Change change, Precondition precondition, Runnable whenSettled) {
        this.change = change;
        this.precondition = precondition;
        this.whenSettled = whenSettled;
    }

    /** What is published. */
    public Change change() {
        return change;
    }

    /** Before it is queued; it was not published before that. */
    void queuedSince(long nanos) {
        queuedSinceNanos = nanos;
    }

    long queuedSinceNanos() {
        return queuedSinceNanos;
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
        return refusal == Refusal.STORE_FAILED || refusal == Refusal.STORE_DAMAGED ? null : current;
    }

    /** Whether it has to be known where its document stands. */
    boolean isConditional() {
        return !(precondition instanceof Precondition.None);
    }

    /** Compares the precondition with the position of the document now; null if there is none. */
    boolean check(@Nullable Position found) {
        current = found;
        if (precondition.holds(found)) {
            return true;
        }
        verdict = Refusal.PRECONDITION_FAILED;
        return false;
    }

    /** The store did not tell whether the precondition holds. */
    void checkFailed(boolean lasting) {
        verdict = lasting ? Refusal.STORE_DAMAGED : Refusal.STORE_FAILED;
    }

    /** Why it was left out when its group was put in order; null if it takes a number. */
    @Nullable
    Refusal verdict() {
        return verdict;
    }

    /** Does nothing if it is settled already. */
    void accept(long assignedSeq) {
        settle(assignedSeq, null);
    }

    /** Does nothing if it is settled already. */
    void refuse(Refusal why) {
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
