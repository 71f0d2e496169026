package io.tidegate.drain;

import io.tidegate.document.Counted;
import io.tidegate.document.JsonText;
import io.tidegate.document.Position;
import io.tidegate.ledger.LedgerTotals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How the server ended.
 *
 * @param reason the trigger that began the drain
 * @param duration from the trigger to the end of the last connection
 * @param connections the ledger's sums over the connections that ended since the drain of the connections began
 * @param unaccepted clients that waited to be accepted when the listeners closed, and were reset
 * @param forced whether somebody asked for an end at once
 * @param commitAbandoned whether the store did not finish in time what publishers had given to it; they were told that it failed, or is not known
 * @param updates updates committed since the start
 * @param position position of the last committed update
 */
public record DrainReport(
        String reason,
        Duration duration,
        LedgerTotals connections,
        long unaccepted,
        boolean forced,
        boolean commitAbandoned,
        long updates,
        Position position) {

    /** Connections that got FIN after their last byte, and closed their side. */
    public long completed() {
        return connections.completed();
    }

    /** Connections that the server reset. */
    public long aborted() {
        return connections.aborted();
    }

    /** Whether the server reset anybody. */
    public boolean hasReset() {
        return aborted() > 0 || unaccepted > 0;
    }

    /** Connections that their clients reset. */
    public long resetByPeer() {
        return connections.resetByPeer();
    }

    /** Connections whose clients had left in good order before the server was done. */
    public long left() {
        return connections.left();
    }

    /** The figures by their names, as they stand in JSON. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason);
        fields.put("durationMs", duration.toMillis());
        fields.put("completed", completed());
        fields.put("aborted", aborted());
        fields.put("resetByPeer", resetByPeer());
        fields.put("left", left());
        fields.put("unaccepted", unaccepted);
        fields.put("bytesSent", connections.bytesSent());
        fields.put("bytesUnsent", connections.bytesUnsent());
        fields.put("updatesSent", connections.updatesSent());
        Map<String, Object> reasons = new LinkedHashMap<>();
        connections.reasons().forEach((why, count) -> reasons.put(why.code(), count));
        fields.put("reasons", reasons);
        fields.put("forced", forced);
        fields.put("commitAbandoned", commitAbandoned);
        fields.put("updates", updates);
        fields.put("position", position.toString());
        return fields;
    }

    /** One JSON object. */
    public String toJson() {
        return JsonText.of(fields());
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Drained in %.3f s after %s%s: %s completed, %,d aborted, %,d reset by peer%s%s;"
                        + " they were sent %s, %s, and %s left;"
                        + " %s committed, last position %s%s",
                duration.toNanos() / 1e9,
                reason,
                forced ? " (forced)" : "",
                Counted.of(completed(), "connection"),
                aborted(),
                resetByPeer(),
                left() == 0 ? "" : String.format(Locale.ROOT, ", %,d left", left()),
                unaccepted == 0 ? "" : String.format(Locale.ROOT, ", %,d reset before they were accepted", unaccepted),
                Counted.of(connections.updatesSent(), "update"),
                Counted.of(connections.bytesSent(), "byte"),
                Counted.of(connections.bytesUnsent(), "byte was", "bytes were"),
                Counted.of(updates, "update"),
                position,
                commitAbandoned ? "; the store did not finish its last commit, which publishers were told" : "");
    }
}
