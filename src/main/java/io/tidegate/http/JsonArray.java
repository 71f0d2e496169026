package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.feed.FeedLogException;
import org.jspecify.annotations.Nullable;

/** Makes one JSON array of pieces of whole lines, each line a JSON value. */
final class JsonArray implements Pieces {

    private static final ByteString EMPTY = ByteString.fromString("[]\n");
    private static final ByteString END = ByteString.fromString("\n]\n");

    private final Pieces lines;
    private boolean begun;
    private boolean ended;

    JsonArray(Pieces lines) {
        this.lines = lines;
    }

    @Override
    public void open(Runnable whenMore) {
        lines.open(whenMore);
    }

    @Override
    public @Nullable ByteString poll() throws FeedLogException, Problem.Refusal {
        ByteString piece = lines.poll();
        if (piece != null) {
            ByteString elements = elements(piece.toArrayUnsafe());
            begun = true;
            return elements;
        }
        if (ended || !lines.isAtEnd()) {
            return null;
        }
        ended = true;
        return begun ? END : EMPTY;
    }

    @Override
    public boolean isAtEnd() {
        return ended;
    }

    @Override
    public void close() {
        lines.close();
    }

    /** A comma before each line but the very first; a newline only between them. */
    private ByteString elements(byte[] lines) {
        int count = 0;
        for (byte b : lines) {
            count += b == '\n' ? 1 : 0;
        }
        byte[] elements = new byte[lines.length + count];
        int length = 0;
        boolean first = !begun;
        boolean lineBegins = true;
        for (byte b : lines) {
            if (b == '\n') {
                lineBegins = true;
                continue;
            }
            if (lineBegins) {
                lineBegins = false;
                elements[length++] = (byte) (first ? '[' : ',');
                elements[length++] = '\n';
                first = false;
            }
            elements[length++] = b;
        }
        return ByteString.fromArrayUnsafe(elements, 0, length);
    }
}
