package io.tidegate.server;

import io.tidegate.connection.LedgerTotals;
import io.tidegate.document.Position;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the server ended.
 *
 * @param reason the trigger that began the drain
 * @param duration from the trigger to the end of the last connection
 * @param connections the ledger's sums over the connections that ended since the drain of the connections began
 * @param unaccepted clients that waited to be accepted when the listeners closed, and were reset
 * @param forced whether somebody asked for an end at once
 * @param commitAbandoned whether the store did not finish in time what publishers were promised; those were not answered
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

    /** One JSON object. */
    public String toJson() {
        var json = new Utf8Buffer(256);
        json.put(ascii("{\"reason\":")).putJsonString(reason);
        json.put(ascii(",\"durationMs\":")).putDecimal(duration.toMillis());
        json.put(ascii(",\"completed\":")).putDecimal(completed());
        json.put(ascii(",\"aborted\":")).putDecimal(aborted());
        json.put(ascii(",\"resetByPeer\":")).putDecimal(resetByPeer());
        json.put(ascii(",\"unaccepted\":")).putDecimal(unaccepted);
        json.put(ascii(",\"bytesSent\":")).putDecimal(connections.bytesSent());
        json.put(ascii(",\"bytesUnsent\":")).putDecimal(connections.bytesUnsent());
        json.put(ascii(",\"updatesSent\":")).putDecimal(connections.updatesSent());
        json.put(ascii(",\"reasons\":{")).put(ascii(reasons())).put(ascii("}"));
        json.put(ascii(",\"forced\":" + forced + ",\"commitAbandoned\":" + commitAbandoned));
        json.put(ascii(",\"updates\":")).putDecimal(updates);
        json.put(ascii(",\"position\":")).putJsonString(position.toString()).put(ascii("}"));
        return new String(json.toArray(), StandardCharsets.UTF_8);
    }

    private String reasons() {
        return connections.reasons().entrySet().stream()
                .map(reason -> "\"" + reason.getKey().code() + "\":" + reason.getValue())
                .collect(Collectors.joining(","));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Drained in %.3f s after %s%s: %,d connections completed, %,d aborted, %,d reset by peer%s;"
                        + " they were sent %,d updates, %,d bytes, and %,d bytes were left;"
                        + " %,d updates committed, last position %s%s",
                duration.toNanos() / 1e9,
                reason,
                forced ? " (forced)" : "",
                completed(),
                aborted(),
                resetByPeer(),
                unaccepted == 0 ? "" : String.format(Locale.ROOT, ", %,d reset before they were accepted", unaccepted),
                connections.updatesSent(),
                connections.bytesSent(),
                connections.bytesUnsent(),
                updates,
                position,
                commitAbandoned ? "; the store did not finish its last commit, and publishers were not answered" : "");
    }
}
