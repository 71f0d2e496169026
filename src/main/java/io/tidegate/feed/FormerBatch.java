package io.tidegate.feed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch as stores have it whose format is older than the {@linkplain Batch present one}: it has neither an offset nor the places
 * of the keys. Its lines are those of the line protocol, in which the key is a member behind the collection.
 */
public final class FormerBatch {

    private static final int FOOTER_BYTES = 36;

    /** What is not in the line before: within the name of the collection the quotation marks are escaped. */
    private static final byte[] BEFORE_KEY = ",\"key\":\"".getBytes(StandardCharsets.US_ASCII);

    private FormerBatch() {}

    /**
     * The same batch in the present form.
     *
     * @param before the batch that it is to follow; null if it is to stay as far from the log's beginning as it was
     * @throws IllegalArgumentException if it is none
     */
    public static Batch converted(byte[] former, @Nullable Batch before) {
        ByteBuffer from = ByteBuffer.wrap(former);
        int footer = former.length - FOOTER_BYTES;
        try {
            int lineBytes = from.getInt(footer);
            int count = from.getInt(footer + 4);
            if (lineBytes < 0 || count < 0 || lineBytes + (long) count * Batch.INDEX_ENTRY_BYTES > footer) {
                throw new IndexOutOfBoundsException("the parts do not fit");
            }
            var to = ByteBuffer.allocate(footer + count * Batch.KEY_ENTRY_BYTES + Batch.FOOTER_BYTES);
            to.put(former, 0, footer);
            int line = 0;
            for (int i = 0; i < count; i++) {
                int end = from.getInt(lineBytes + i * Batch.INDEX_ENTRY_BYTES);
                to.putShort((short) keyStart(former, line, end));
                line = end;
            }
            long firstSeq = from.getLong(footer + 12);
            to.putLong(firstSeq + count - 1).put(former, footer, 20);
            to.putLong(before == null ? from.getLong(footer + 20) : before.bytesAfter());
            to.putLong(from.getLong(footer + 28));
            return Batch.of(to.array());
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a stored batch: " + former.length + " bytes", e);
        }
    }

    private static int keyStart(byte[] lines, int from, int end) {
        for (int at = from; at + BEFORE_KEY.length <= end; at++) {
            int behind = at + BEFORE_KEY.length;
            if (Arrays.equals(lines, at, behind, BEFORE_KEY, 0, BEFORE_KEY.length)) {
                return behind - from;
            }
        }
        throw new IllegalArgumentException("a stored line has no key");
    }
}
