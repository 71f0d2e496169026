package io.tidegate.wire;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The updates among event lines that were cut off somewhere; a line that is not complete does not count.
 *
 * @param updates how many
 * @param lastSeq the last one's sequence number; 0 if there is none
 */
public record UpdateScan(int updates, long lastSeq) {

    /** Looks at every line. */
    public static UpdateScan of(ByteString lines) {
        byte[] bytes = lines.toArray();
        int updates = 0;
        long lastSeq = 0;
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                long seq = updateSeq(bytes, start);
                if (seq > 0) {
                    updates++;
                    lastSeq = seq;
                }
                start = at + 1;
            }
        }
        return new UpdateScan(updates, lastSeq);
    }

    /** The sequence number of the update whose complete line begins there; 0 if it is another event. */
    private static long updateSeq(byte[] bytes, int start) {
        for (byte[] beginning : Events.UPDATE_BEGINNINGS) {
            int end = start + beginning.length;
            if (end <= bytes.length && Arrays.equals(bytes, start, end, beginning, 0, beginning.length)) {
                return number(bytes, end);
            }
        }
        return 0;
    }

    private static long number(byte[] bytes, int start) {
        int end = start;
        while (bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return Long.parseLong(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
    }
}
