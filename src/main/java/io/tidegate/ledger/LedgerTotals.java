package io.tidegate.ledger;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sums over connections that ended.
 *
 * @param completed ended by FIN from both sides
 * @param aborted reset by the server
 * @param resetByPeer reset by the client, or the client vanished
 * @param bytesSent as {@link Sent#bytes}
 * @param bytesUnsent as {@link Sent#bytesUnsent}
 * @param updatesSent as {@link Sent#updates}
 * @param reasons how many ended for each reason; reasons that did not occur are missing
 * @param left their clients had closed their sockets, in good order, before the server was done
 */
public record LedgerTotals(
        long completed,
        long aborted,
        long resetByPeer,
        long bytesSent,
        long bytesUnsent,
        long updatesSent,
        Map<CloseReason, Long> reasons,
        long left) {

    /** The sums when nobody left. */
    public LedgerTotals(
            long completed,
            long aborted,
            long resetByPeer,
            long bytesSent,
            long bytesUnsent,
            long updatesSent,
            Map<CloseReason, Long> reasons) {
        this(completed, aborted, resetByPeer, bytesSent, bytesUnsent, updatesSent, reasons, 0);
    }

    /** They cannot be changed, whatever becomes of the map that they were made of. */
    public LedgerTotals {
        reasons = Collections.unmodifiableMap(copy(reasons));
    }

    /** Nothing ended. */
    public static final LedgerTotals NONE = new LedgerTotals(0, 0, 0, 0, 0, 0, Map.of());

    /** How many connections these are. */
    public long ended() {
        return completed + aborted + resetByPeer + left;
    }

    LedgerTotals plus(Ending ending) {
        Map<CloseReason, Long> counted = copy(reasons);
        counted.merge(ending.reason(), 1L, Long::sum);
        return new LedgerTotals(
                completed + one(ending, Ending.Outcome.COMPLETED),
                aborted + one(ending, Ending.Outcome.ABORTED),
                resetByPeer + one(ending, Ending.Outcome.RESET_BY_PEER),
                bytesSent + ending.sent().bytes(),
                bytesUnsent + ending.sent().bytesUnsent(),
                updatesSent + ending.sent().updates(),
                counted,
                left + one(ending, Ending.Outcome.LEFT));
    }

    private static int one(Ending ending, Ending.Outcome outcome) {
        return ending.outcome() == outcome ? 1 : 0;
    }

    /** What came to these since the earlier ones. */
    public LedgerTotals since(LedgerTotals earlier) {
        Map<CloseReason, Long> difference = copy(reasons);
        earlier.reasons.forEach((reason, count) -> difference.merge(reason, -count, Long::sum));
        difference.values().removeIf(count -> count == 0);
        return new LedgerTotals(
                completed - earlier.completed,
                aborted - earlier.aborted,
                resetByPeer - earlier.resetByPeer,
                bytesSent - earlier.bytesSent,
                bytesUnsent - earlier.bytesUnsent,
                updatesSent - earlier.updatesSent,
                difference,
                left - earlier.left);
    }

    /**
     * These and some that the server resets without waiting for their end.
     *
     * @param count how many; what they were sent is not known
     */
    LedgerTotals andCutOff(long count) {
        Map<CloseReason, Long> counted = copy(reasons);
        if (count > 0) {
            counted.merge(CloseReason.DEADLINE, count, Long::sum);
        }
        return new LedgerTotals(
                completed, aborted + count, resetByPeer, bytesSent, bytesUnsent, updatesSent, counted, left);
    }

    private static Map<CloseReason, Long> copy(Map<CloseReason, Long> reasons) {
        Map<CloseReason, Long> copy = new EnumMap<>(CloseReason.class);
        copy.putAll(reasons);
        return copy;
    }
}
