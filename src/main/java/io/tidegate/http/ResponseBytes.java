package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import org.jspecify.annotations.Nullable;

/** What one client is to be sent of its responses: what is there, and then the rest of one that is streamed. */
final class ResponseBytes {

    private static final ByteString LAST_CHUNK = ByteString.fromString("0\r\n\r\n");
    private static final ByteString LINE_END = ByteString.fromString("\r\n");

    /** Next. */
    private ByteString due = ByteString.emptyByteString();

    private @Nullable Pieces streamed;
    private boolean inChunks;

    void add(ByteString bytes) {
        due = due.concat(bytes);
    }

    /** Adds a body piece by piece. */
    void stream(Pieces body, boolean chunked, Runnable whenMore) {
        streamed = body;
        inChunks = chunked;
        body.open(whenMore);
    }

    /** Whether a body is streamed that has not come to its end. */
    boolean isStreaming() {
        return streamed != null;
    }

    boolean isEmpty() {
        return due.isEmpty();
    }

    /**
     * Adds the next piece, when all before it was taken.
     *
     * @return whether the streamed body came to its end by this
     * @throws FeedLogException if the rest of it cannot be read
     * @throws Problem.Refusal if the client may not read it any more
     */
    boolean fill() throws FeedLogException, Problem.Refusal {
        Pieces body = streamed;
        if (body == null || !due.isEmpty()) {
            return false;
        }
        ByteString piece = body.poll();
        if (piece != null) {
            due = inChunks ? chunk(piece) : piece;
            return false;
        }
        if (!body.isAtEnd()) {
            return false;
        }
        due = inChunks ? LAST_CHUNK : due;
        close();
        return true;
    }

    private static ByteString chunk(ByteString piece) {
        return ByteString.fromString(Integer.toHexString(piece.size()))
                .concat(LINE_END)
                .concat(piece)
                .concat(LINE_END);
    }

    /** Takes what is there; null if that is nothing. */
    @Nullable
    EventLines take() {
        if (due.isEmpty()) {
            return null;
        }
        EventLines lines = EventLines.withoutUpdates(due);
        due = ByteString.emptyByteString();
        return lines;
    }

    /** Nothing more of a streamed body is sent. */
    void close() {
        Pieces body = streamed;
        streamed = null;
        if (body != null) {
            body.close();
        }
    }
}
