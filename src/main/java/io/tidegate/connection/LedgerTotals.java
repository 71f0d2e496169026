package io.tidegate.connection;

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
 */
public record LedgerTotals(
        long completed,
        long aborted,
        long resetByPeer,
        long bytesSent,
        long bytesUnsent,
        long updatesSent,
        Map<CloseReason, Long> reasons) {

    /** They cannot be changed, whatever becomes of the map that they were made of. */
    public LedgerTotals {
        reasons = Collections.unmodifiableMap(copy(reasons));
    }

    /** Nothing ended. */
    public static final LedgerTotals NONE = new LedgerTotals(0, 0, 0, 0, 0, 0, Map.of());

    /** How many connections these are. */
    public long ended() {
        return completed + aborted + resetByPeer;
    }

    LedgerTotals plus(Ending ending) {
        Map<CloseReason, Long> counted = copy(reasons);
        counted.merge(ending.reason(), 1L, Long::sum);
        return new LedgerTotals(
                completed + (ending.outcome() == Ending.Outcome.COMPLETED ? 1 : 0),
                aborted + (ending.outcome() == Ending.Outcome.ABORTED ? 1 : 0),
                resetByPeer + (ending.outcome() == Ending.Outcome.RESET_BY_PEER ? 1 : 0),
                bytesSent + ending.sent().bytes(),
                bytesUnsent + ending.sent().bytesUnsent(),
                updatesSent + ending.sent().updates(),
                counted);
    }

    /** What came to these since the earlier ones. */
    LedgerTotals since(LedgerTotals earlier) {
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
                difference);
    }

    private static Map<CloseReason, Long> copy(Map<CloseReason, Long> reasons) {
        Map<CloseReason, Long> copy = new EnumMap<>(CloseReason.class);
        copy.putAll(reasons);
        return copy;
    }
}
