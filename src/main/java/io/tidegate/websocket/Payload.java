package io.tidegate.websocket;

import akka.util.ByteString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The payload that is being received, unmasked. It grows with what came, not with what a header announced: a header costs a
 * client nothing. Not thread-safe.
 */
final class Payload {

    private static final byte[] NOTHING = new byte[0];

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = NOTHING;
    private int length;

    int length() {
        return length;
    }

    /** What was received, in its first {@link #length} bytes. */
    byte[] array() {
        return bytes;
    }

    /**
     * Unmasks and appends {@code count} bytes.
     *
     * @param mask its lowest byte is for the first byte
     * @param most length that will not be exceeded; what is received in one piece has its exact size from the start
     */
    void append(byte[] source, int from, int count, int mask, int most) {
        reserve(length + count, most);
        int to = from + count;
        int target = length;
        int i = from;
        long twice = Integer.toUnsignedLong(mask) | ((long) mask << Integer.SIZE);
        for (; i <= to - Long.BYTES; i += Long.BYTES, target += Long.BYTES) {
            LONG.set(bytes, target, (long) LONG.get(source, i) ^ twice);
        }
        for (; i < to; i++, target++, twice >>>= Byte.SIZE) {
            bytes[target] = (byte) (source[i] ^ twice);
        }
        length = target;
    }

    private void reserve(int needed, int most) {
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(most, bytes.length * 2L)));
        }
    }

    /** Hands out what was received, without spare room, and starts anew. */
    ByteString take() {
        ByteString taken = ByteString.fromArrayUnsafe(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
        clear();
        return taken;
    }

    void clear() {
        bytes = NOTHING;
        length = 0;
    }
}
