package io.tidegate.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of UTF-8 bytes into which events are written. Not thread-safe; meant to be reused. */
public final class Utf8Buffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    public Utf8Buffer(int initialCapacity) {
        bytes = new byte[initialCapacity];
    }

    /** Text of nothing but ASCII. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public int length() {
        return length;
    }

    /** The array that is written to; what follows the length is undefined, and it is another one when it had to grow. */
    public byte[] array() {
        return bytes;
    }

    public void clear() {
        length = 0;
    }

    /** A copy of what was written. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    public Utf8Buffer put(byte b) {
        reserve(1);
        bytes[length++] = b;
        return this;
    }

    public Utf8Buffer put(byte[] source) {
        return put(source, source.length);
    }

    public Utf8Buffer put(Utf8Buffer source) {
        return put(source.bytes, source.length);
    }

    private Utf8Buffer put(byte[] source, int count) {
        return put(source, 0, count);
    }

    public Utf8Buffer put(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    public Utf8Buffer put(Json value) {
        reserve(value.length());
        value.copyTo(bytes, length);
        length += value.length();
        return this;
    }

    /** Big-endian. */
    public Utf8Buffer putShort(int value) {
        return put((byte) (value >>> 8)).put((byte) value);
    }

    /** Big-endian. */
    public Utf8Buffer putInt(int value) {
        return putShort(value >>> 16).putShort(value);
    }

    /** Big-endian. */
    public Utf8Buffer putLong(long value) {
        return putInt((int) (value >>> 32)).putInt((int) value);
    }

    /** Writes a number that is not negative as decimal digits. */
    public Utf8Buffer putDecimal(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        reserve(digits);
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Writes {@code text} as a JSON string, quotes included. */
    @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is exactly the Latin-1 copy wanted here
    public Utf8Buffer putJsonString(String text) {
        put((byte) '"');
        if (isPlain(text)) {
            reserve(text.length());
            text.getBytes(0, text.length(), bytes, length);
            length += text.length();
        } else {
            putEscaped(text);
        }
        return put((byte) '"');
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void putEscaped(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putEscaped(utf8, 0, utf8.length);
    }

    /** Writes {@code count} bytes of UTF-8 text as a JSON string, quotes included. */
    public Utf8Buffer putJsonString(byte[] utf8, int offset, int count) {
        put((byte) '"');
        if (isPlain(utf8, offset, count)) {
            put(utf8, offset, count);
        } else {
            putEscaped(utf8, offset, count);
        }
        return put((byte) '"');
    }

    private static boolean isPlain(byte[] utf8, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (isEscaped(utf8[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscaped(byte b) {
        return b == '"' || b == '\\' || (b >= 0 && b < 0x20);
    }

    private void putEscaped(byte[] utf8, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\') {
                put((byte) '\\').put(b);
            } else if (b >= 0 && b < 0x20) {
                put((byte) '\\').put((byte) 'u').put((byte) '0').put((byte) '0');
                put(HEX[b >> 4]).put(HEX[b & 15]);
            } else {
                put(b);
            }
        }
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }
}
