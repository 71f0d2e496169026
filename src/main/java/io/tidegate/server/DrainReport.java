package io.tidegate.server;

import io.tidegate.document.Position;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * How the server ended.
 *
 * @param reason the trigger that began the drain
 * @param duration from the trigger to the end of the last connection
 * @param completed connections that got every byte and FIN, and closed their side, since the trigger
 * @param aborted connections that were reset by the server since the trigger
 * @param resetByPeer connections that their clients reset since the trigger
 * @param forced whether somebody asked for an end at once
 * @param updates updates committed since the start
 * @param position position of the last committed update
 */
public record DrainReport(
        String reason,
        Duration duration,
        long completed,
        long aborted,
        long resetByPeer,
        boolean forced,
        long updates,
        Position position) {

    /** One JSON object. */
    public String toJson() {
        var json = new Utf8Buffer(256);
        json.put(ascii("{\"reason\":")).putJsonString(reason);
        json.put(ascii(",\"durationMs\":")).putDecimal(duration.toMillis());
        json.put(ascii(",\"completed\":")).putDecimal(completed);
        json.put(ascii(",\"aborted\":")).putDecimal(aborted);
        json.put(ascii(",\"resetByPeer\":")).putDecimal(resetByPeer);
        json.put(ascii(",\"forced\":" + forced));
        json.put(ascii(",\"updates\":")).putDecimal(updates);
        json.put(ascii(",\"position\":")).putJsonString(position.toString()).put(ascii("}"));
        return new String(json.toArray(), StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Drained in %.3f s after %s%s: %,d connections completed, %,d aborted, %,d reset by peer;"
                        + " %,d updates committed, last position %s",
                duration.toNanos() / 1e9,
                reason,
                forced ? " (forced)" : "",
                completed,
                aborted,
                resetByPeer,
                updates,
                position);
    }
}
