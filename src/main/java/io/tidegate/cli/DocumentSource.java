package io.tidegate.cli;

import io.tidegate.client.LineReader;
import io.tidegate.document.Json;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a file, one after the other: the lines of newline-JSON, or the items of a JSON array. What is blank is
 * passed over. No more of it is in memory than a document and a buffer. Not thread-safe.
 */
final class DocumentSource {

    private final DocumentCut cut = new DocumentCut();
    private final LineReader pieces;

    private volatile boolean array;
    private long number;
    private long bytesRead;
    private int from;
    private int to;

    DocumentSource(InputStream in) {
        pieces = new LineReader(in, cut);
    }

    /**
     * Goes to the next document, and waits for it if need be.
     *
     * @return false at the end
     * @throws IllegalArgumentException with a message for the user if the array is not one
     */
    boolean next() throws IOException {
        try {
            while (pieces.next()) {
                if (take()) {
                    return true;
                }
            }
            cut.requireEnd();
            return pieces.rest() && take();
        } catch (IllegalArgumentException e) {
            throw inNext(e);
        }
    }

    /** Goes to the next document if all of it was read already. */
    boolean nextBuffered() {
        try {
            while (pieces.nextBuffered()) {
                if (take()) {
                    return true;
                }
            }
            return false;
        } catch (IllegalArgumentException e) {
            throw inNext(e);
        }
    }

    /** The one before is whole: whoever asks where it is has to be told the place behind. */
    private IllegalArgumentException inNext(IllegalArgumentException e) {
        number++;
        return e;
    }

    private boolean take() {
        byte[] bytes = pieces.bytes();
        from = pieces.from() + (bytesRead == 0 ? cut.markBytes() : 0);
        to = pieces.to();
        bytesRead += pieces.end() - pieces.from();
        boolean begins = !array && cut.isArray();
        if (begins) {
            // What stood before the bracket, which is no item.
            array = true;
            number = 0;
            return false;
        }
        while (to > from && DocumentCut.isSpace(bytes[to - 1])) {
            to--;
        }
        boolean blank = from == to;
        number += array && blank ? 0 : 1;
        return !blank;
    }

    /**
     * The current document.
     *
     * @throws IllegalArgumentException with a message for the user if it is not JSON
     */
    Json document() {
        return array
                ? Json.ofLines(Arrays.copyOfRange(pieces.bytes(), from, to))
                : Json.of(pieces.bytes(), from, to - from);
    }

    /**
     * The current one as a change, as {@code POST /v1/updates} takes it.
     *
     * @return null if it is an event of a server that changes nothing
     * @throws IllegalArgumentException with a message for the user if it is none
     */
    Request.@Nullable Publish change() {
        byte[] bytes = array ? onOneLine(Arrays.copyOfRange(pieces.bytes(), from, to)) : pieces.bytes();
        try {
            return array ? Request.Publish.ofJson(bytes, 0, bytes.length) : Request.Publish.ofJson(bytes, from, to);
        } catch (RequestException e) {
            throw new IllegalArgumentException(e.message(), e);
        }
    }

    /** Whether the current one is a line that begins so; an item of an array is none. */
    boolean isLine(byte[] beginning) {
        int end = Math.min(from + beginning.length, to);
        return !array && Arrays.equals(pieces.bytes(), from, end, beginning, 0, beginning.length);
    }

    /** Line breaks between tokens say the same as spaces; within a string they stay, where they are found to be wrong. */
    private static byte[] onOneLine(byte[] item) {
        boolean inString = false;
        for (int i = 0; i < item.length; i++) {
            if (inString && item[i] == '\\') {
                i++;
            } else if (item[i] == '"') {
                inString = !inString;
            } else if (!inString && (item[i] == '\n' || item[i] == '\r')) {
                item[i] = ' ';
            }
        }
        return item;
    }

    /** What its first line looks like, if that is no JSON; empty if it tells nothing. */
    String look() {
        return array ? "" : FileLook.of(pieces.bytes(), from, to);
    }

    /**
     * Refuses the current one if a server printed it.
     *
     * @throws IllegalArgumentException with a message for the user that says what to do with it
     */
    void requireNoEvent() {
        int start = from;
        while (start < to && DocumentCut.isSpace(pieces.bytes()[start])) {
            start++;
        }
        if (FileLook.isEvent(pieces.bytes(), start, to)) {
            throw new IllegalArgumentException(FileLook.ofEvents());
        }
    }

    /** Which line or item of the file the current one is, counted from 1. */
    long number() {
        return number;
    }

    long bytesRead() {
        return bytesRead;
    }

    /** What is counted. By any thread. */
    String unit() {
        return array ? "item" : "line";
    }
}
