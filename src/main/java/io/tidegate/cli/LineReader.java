package io.tidegate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Arrays;

/**
 * Cuts a stream into lines that end with LF. Nothing is copied: a line is a range of the array into which the stream is
 * read, valid until the next line is asked for from the stream. Not thread-safe.
 */
final class LineReader {

    /** Longest line; a server's own limit for a document is lower. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final int INITIAL_BYTES = 256 << 10;

    private final InputStream in;
    private byte[] bytes = new byte[INITIAL_BYTES];

    private int from;
    private int end;

    /** Up to here no line begins that was not handed out; the next one is looked for from {@code scanned}. */
    private int next;

    private int scanned;
    private int filled;

    LineReader(InputStream in) {
        this.in = in;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the current line begins. */
    int from() {
        return from;
    }

    /** Behind the last byte of the current line, its LF excluded. */
    int to() {
        return end > from && bytes[end - 1] == '\n' ? end - 1 : end;
    }

    /** Behind the current line, its LF included. */
    int end() {
        return end;
    }

    /**
     * Goes to the next line and waits for it if need be.
     *
     * @return false if the stream has ended; {@link #rest} has what follows the last LF
     */
    boolean next() throws IOException {
        while (!nextBuffered()) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Goes to the next line if all of it was read already; the lines before it stay where they are. */
    boolean nextBuffered() {
        byte[] source = bytes;
        for (int i = scanned; i < filled; i++) {
            if (source[i] == '\n') {
                from = next;
                end = i + 1;
                next = end;
                scanned = end;
                return true;
            }
        }
        scanned = filled;
        return false;
    }

    /** Makes what follows the last LF the current line; false if there is nothing. */
    boolean rest() {
        from = next;
        end = filled;
        next = filled;
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
    }

    private void grow() throws ProtocolException {
        if (bytes.length >= MAX_LINE_BYTES) {
            throw new ProtocolException("a line is longer than " + MAX_LINE_BYTES + " bytes");
        }
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
}
