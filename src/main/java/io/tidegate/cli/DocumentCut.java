package io.tidegate.cli;

import io.tidegate.client.LineReader;

/**
 * Where the documents of an input end: newline-JSON, or one JSON array, whichever its first character tells.
 *
 * <pre>
 *  start ── blank, byte order mark ──┐
 *    │ ▲─────────────────────────────┘
 *    ├─ [ ──► items ── ] ──► behind
 *    └─ any other ──► lines
 * </pre>
 *
 * <p>It finds ends, and leaves what is between them to who reads it: an item that is no JSON is an item too.
 */
final class DocumentCut implements LineReader.Cut {

    private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};

    private enum Place {
        START,
        LINES,
        ITEMS,
        BEHIND
    }

    private Place place = Place.START;
    private int markBytes;

    private long items;
    private boolean blank = true;
    private int depth;
    private boolean inString;
    private boolean escaped;

    @Override
    public int end(byte[] bytes, int from, int to) {
        return switch (place) {
            case START -> start(bytes, from, to);
            case LINES -> LineReader.lineEnd(bytes, from, to);
            case ITEMS -> itemEnd(bytes, from, to);
            case BEHIND -> behind(bytes, from, to);
        };
    }

    boolean isArray() {
        return place == Place.ITEMS || place == Place.BEHIND;
    }

    /** How many bytes at the very beginning are a byte order mark. */
    int markBytes() {
        return markBytes == BYTE_ORDER_MARK.length ? markBytes : 0;
    }

    /** @throws IllegalArgumentException if there should be more */
    void requireEnd() {
        if (place == Place.ITEMS) {
            throw new IllegalArgumentException("the array has no end: is the file cut?");
        }
    }

    private int start(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                return i + 1;
            }
            if (b == '[') {
                place = Place.ITEMS;
                return i + 1;
            }
            if (!isSpace(b) && !isMark(b)) {
                place = Place.LINES;
                return LineReader.lineEnd(bytes, i, to);
            }
        }
        return -1;
    }

    private boolean isMark(byte b) {
        boolean next = markBytes < BYTE_ORDER_MARK.length && (b & 0xff) == BYTE_ORDER_MARK[markBytes];
        markBytes += next ? 1 : 0;
        return next;
    }

    private int itemEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (inString) {
                inString = escaped || b != '"';
                escaped = !escaped && b == '\\';
            } else if (depth == 0 && (b == ',' || b == ']')) {
                endItem(b);
                return i + 1;
            } else if (!isSpace(b)) {
                blank = false;
                take(b);
            }
        }
        return -1;
    }

    private void take(byte b) {
        switch (b) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            // One too many makes the item no JSON, which is for others to find.
            case '}', ']' -> depth = Math.max(0, depth - 1);
            default -> {
                // Part of a number or a word.
            }
        }
    }

    private void endItem(byte separator) {
        boolean empty = separator == ']' && items == 0;
        if (blank && !empty) {
            throw new IllegalArgumentException(
                    "nothing stands between two commas, or a comma and the end of the array");
        }
        items++;
        blank = true;
        place = separator == ']' ? Place.BEHIND : Place.ITEMS;
    }

    private static int behind(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isSpace(bytes[i])) {
                throw new IllegalArgumentException("something follows the array: one array is all that is read");
            }
        }
        return -1;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
