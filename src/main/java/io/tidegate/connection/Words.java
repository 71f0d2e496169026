package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Framing;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import org.jspecify.annotations.Nullable;

/** What one client is sent that others are not: its event lines, and a frame of its transport behind them. */
final class Words {

    private final Framing framing;
    private @Nullable Utf8Buffer lines;
    private @Nullable ByteString frame;

    Words(Framing framing) {
        this.framing = framing;
    }

    /** To write event lines to. */
    Utf8Buffer lines() {
        Utf8Buffer buffer = lines;
        if (buffer == null) {
            buffer = new Utf8Buffer(128);
            lines = buffer;
        }
        return buffer;
    }

    boolean hasLines() {
        return lines != null;
    }

    /** Bytes of the event lines. */
    int length() {
        return lines == null ? 0 : lines.length();
    }

    void error(ErrorCode code, String message) {
        Events.error(code, message, lines());
    }

    /**
     * Of a store that cannot be read.
     *
     * @param what cannot be read
     * @param otherwise what to do if that may pass
     */
    void unreadable(String what, FeedLogException e, String otherwise) {
        if (e.isLasting()) {
            error(ErrorCode.STORE_DAMAGED, what + " cannot be read: " + ErrorCode.DAMAGED);
        } else {
            error(ErrorCode.STORE_FAILED, what + " cannot be read: " + otherwise);
        }
    }

    /** Replaces a frame that was not sent yet. */
    void frame(ByteString next) {
        frame = next;
    }

    /** Behind a frame that was not sent yet. */
    void lastFrame(ByteString next) {
        frame = frame == null ? next : frame.concat(next);
    }

    boolean hasFrame() {
        return frame != null;
    }

    /** All of it, as it is sent, once. */
    ByteString take() {
        Utf8Buffer written = lines;
        ByteString behind = frame;
        lines = null;
        frame = null;
        ByteString framed = written == null
                ? ByteString.emptyByteString()
                : framing.frame(ByteString.fromArrayUnsafe(written.toArray()));
        return behind == null ? framed : framed.concat(behind);
    }
}
