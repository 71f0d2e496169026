package io.tidegate.cli.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads text eight bytes at a time: millions of lines a second have to be looked at. */
final class Octets {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_SHOWN_BYTES = 200;

    private static final int STRIDE = 4 * Long.BYTES;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;

    private Octets() {}

    /** Eight characters of ASCII as {@link #at} reads them. */
    static long of(String eight) {
        return at(eight.getBytes(StandardCharsets.US_ASCII), 0);
    }

    static long at(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Offset of the first newline between two offsets; -1 if there is none. */
    static int newline(byte[] bytes, int from, int to) {
        int i = from;
        // Lines are long: whole strides without a newline are skipped first.
        while (i <= to - STRIDE
                && (newlines(bytes, i) | newlines(bytes, i + 8) | newlines(bytes, i + 16) | newlines(bytes, i + 24))
                        == 0) {
            i += STRIDE;
        }
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long found = newlines(bytes, i);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Zero if none of eight bytes is a newline; else the lowest bit that is set belongs to the first that is one. */
    private static long newlines(byte[] bytes, int offset) {
        long zeroed = at(bytes, offset) ^ NEWLINES;
        return (zeroed - ONES) & ~zeroed & HIGH_BITS;
    }

    /** The number that 16 hexadecimal digits stand for. */
    static long hex16(byte[] bytes, int offset) {
        return hex8(bytes, offset) << 32 | hex8(bytes, offset + 8);
    }

    /** The number that 8 lower-case hexadecimal digits stand for; pairs of digits are joined, then pairs of pairs. */
    static long hex8(byte[] bytes, int offset) {
        long text = at(bytes, offset);
        long digits = (text & 0x0f * ONES) + 9 * (text >>> 6 & ONES);
        long pairs = (digits << 4 | digits >>> 8) & 0x00ff00ff00ff00ffL;
        long fours = (pairs << 8 | pairs >>> 16) & 0x0000ffff0000ffffL;
        return (fours << 16 | fours >>> 32) & 0xffffffffL;
    }

    static void putHex(byte[] bytes, int offset, int digits, long value) {
        long rest = value;
        for (int i = offset + digits - 1; i >= offset; i--) {
            bytes[i] = HEX_DIGITS[(int) rest & 15];
            rest >>>= 4;
        }
    }

    static void putDecimal(byte[] bytes, int offset, int digits, long value) {
        long rest = value;
        for (int i = offset + digits - 1; i >= offset; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The number whose decimal digits begin at {@code from}; -1 if there are none. */
    static long decimal(byte[] bytes, int from, int to) {
        long value = 0;
        int i = from;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            value = value * 10 + bytes[i] - '0';
            i++;
        }
        return i == from ? -1 : value;
    }

    static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        return to - from >= prefix.length && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /** The text between two offsets for a message, cut where it gets long. */
    static String shown(byte[] bytes, int from, int to) {
        int length = Math.min(to - from, MAX_SHOWN_BYTES);
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return length < to - from ? text + "…" : text;
    }
}
