package io.tidegate.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Arrays;

/**
 * Cuts a stream into lines that end with LF, or into other pieces. Nothing is copied: a line is a range of the array into which
 * the stream is read, valid until the next line is asked for from the stream. Not thread-safe.
 */
public final class LineReader {

    /** Finds where pieces end. It is shown each byte once, in order. */
    public interface Cut {
        /**
         * Looks between two offsets.
         *
         * @return the offset behind the one byte that ends the piece; -1 if it does not end here
         */
        int end(byte[] bytes, int from, int to);
    }

    /** Longest line; a server's own limit for a document is lower. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final int INITIAL_BYTES = 256 << 10;

    private final InputStream in;
    private final Cut cut;
    private byte[] bytes = new byte[INITIAL_BYTES];

    private int from;
    private int end;
    private boolean ended;

    /** Up to here no line begins that was not handed out; the next one is looked for from {@code scanned}. */
    private int next;

    private int scanned;
    private int filled;

    LineReader(InputStream in) {
        this(in, LineReader::lineEnd);
    }

    public LineReader(InputStream in, Cut cut) {
        this.in = in;
        this.cut = cut;
    }

    /** The cut of lines. */
    public static int lineEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the current line begins. */
    public int from() {
        return from;
    }

    /** Behind the last byte of the current line, its LF excluded. */
    public int to() {
        return ended ? end - 1 : end;
    }

    /** Behind the current line, its LF included. */
    public int end() {
        return end;
    }

    /**
     * Goes to the next line and waits for it if need be.
     *
     * @return false if the stream has ended; {@link #rest} has what follows the last LF
     */
    public boolean next() throws IOException {
        while (!nextBuffered()) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Goes to the next line if all of it was read already; the lines before it stay where they are. */
    public boolean nextBuffered() {
        int found = cut.end(bytes, scanned, filled);
        if (found < 0) {
            scanned = filled;
            return false;
        }
        from = next;
        end = found;
        ended = true;
        next = found;
        scanned = found;
        return true;
    }

    /** Makes what follows the last LF the current line; false if there is nothing. */
    public boolean rest() {
        from = next;
        end = filled;
        ended = false;
        next = filled;
        scanned = filled;
        return from < end;
    }

    private boolean fill() throws IOException {
        compact();
        if (filled == bytes.length) {
            grow();
        }
        int count = in.read(bytes, filled, bytes.length - filled);
        if (count < 0) {
            return false;
        }
        filled += count;
        return true;
    }

    private void compact() {
        if (next > 0) {
            System.arraycopy(bytes, next, bytes, 0, filled - next);
        }
        filled -= next;
        scanned -= next;
        next = 0;
        from = 0;
        end = 0;
        ended = false;
    }

    private void grow() throws ProtocolException {
        if (bytes.length >= MAX_LINE_BYTES) {
            throw new ProtocolException("a line or document is longer than " + MAX_LINE_BYTES + " bytes");
        }
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
}
