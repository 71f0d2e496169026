package io.tidegate.wire;

import static io.tidegate.document.Utf8Buffer.ascii;

import java.util.Arrays;
import java.util.List;

/**
 * What transports must know of an event line that {@link Events} wrote.
 *
 * @param bytes hold the line, its newline included
 * @param start where it begins
 */
@SuppressWarnings("ArrayRecordComponent") // A view for one look, never compared.
public record EventLine(byte[] bytes, int start) {

    private static final byte[] SEQ = ascii("\"seq\":");
    private static final byte[] RECONNECT_AFTER = ascii("\"reconnectAfterMs\":");
    private static final byte[] GOODBYE = ascii("{\"event\":\"goodbye\"");
    private static final List<byte[]> WITH_POSITION = List.of(
            ascii("{\"event\":\"put\""),
            ascii("{\"event\":\"delete\""),
            ascii("{\"event\":\"heartbeat\""),
            ascii("{\"event\":\"subscribed\""),
            ascii("{\"event\":\"synced\""),
            ascii("{\"event\":\"caughtup\""),
            ascii("{\"event\":\"watching\""),
            ascii("{\"event\":\"unwatched\""),
            GOODBYE);

    /** The sequence number after which a follower that has this event resumes; -1 if it cannot by this event. */
    public long resumeSeq() {
        for (byte[] beginning : WITH_POSITION) {
            if (startsWith(beginning)) {
                return numberAfter(SEQ);
            }
        }
        return -1;
    }

    /** The slot of a goodbye; -1 if it is another event. */
    public long reconnectAfterMillis() {
        return startsWith(GOODBYE) ? numberAfter(RECONNECT_AFTER) : -1;
    }

    private boolean startsWith(byte[] beginning) {
        return matches(beginning, start);
    }

    private boolean matches(byte[] text, int at) {
        int end = at + text.length;
        return end <= bytes.length && Arrays.equals(bytes, at, end, text, 0, text.length);
    }

    /** The server's own fields come before what a client wrote, so the first of that name is meant. */
    private long numberAfter(byte[] name) {
        int at = start;
        while (!matches(name, at)) {
            if (at >= bytes.length || bytes[at] == '\n') {
                return -1;
            }
            at++;
        }
        long number = 0;
        for (at += name.length; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }
}
