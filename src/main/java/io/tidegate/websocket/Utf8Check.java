package io.tidegate.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks text that comes in pieces, cut anywhere, and refuses the first byte with which it cannot become valid UTF-8 any
 * more. Not thread-safe.
 */
final class Utf8Check {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Set in a byte that is not ASCII, for eight of them. */
    private static final long NOT_ASCII = 0x8080808080808080L;

    /** Continuation bytes until the code point ends. */
    private int missing;

    // The next continuation byte; less than 80 to bf where the bytes before would make it an overlong form, a
    // surrogate,
    // or more than U+10FFFF.
    private int least;
    private int most;

    /** False if the text is invalid; it is not to be asked again then. */
    boolean accept(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing > 0) {
                if (!isContinuation(bytes[i++] & 0xff)) {
                    return false;
                }
            } else {
                i = afterAscii(bytes, i, to);
                if (i < to && !isFirst(bytes[i++] & 0xff)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the text may end here: not within a code point. */
    boolean isComplete() {
        return missing == 0;
    }

    private static int afterAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES && ((long) LONG.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    private boolean isContinuation(int b) {
        if (b < least || b > most) {
            return false;
        }
        missing--;
        least = 0x80;
        most = 0xbf;
        return true;
    }

    /** The first of the two to four bytes of a code point (RFC 3629, section 4). */
    private boolean isFirst(int b) {
        if (b < 0xc2 || b > 0xf4) {
            return false;
        }
        missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
        least = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
        most = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
        return true;
    }
}
