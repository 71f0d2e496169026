package io.tidegate.connection;

import akka.util.ByteString;
import java.nio.ByteBuffer;

/**
 * Records of TLS that came and are not opened yet. The engine opens a record where it stands, so what came is copied: once, however
 * many records it is cut into, and in however many parts one comes. A client may choose both before anybody knows it.
 */
final class Incoming {

    /** What is left from before, for reading: of a connection that has sent whole records nothing. */
    private ByteBuffer left = RecordBuffers.NOTHING;

    /**
     * What is there, with that behind it.
     *
     * @return of this thread, or of this connection: what was not read of it has to be {@linkplain #keep kept} before anything else
     */
    ByteBuffer with(ByteString more) {
        if (!left.hasRemaining()) {
            ByteBuffer bytes = RecordBuffers.ofWhatCame(more.size());
            more.copyToBuffer(bytes);
            return bytes.flip();
        }
        int end = left.limit();
        if (left.capacity() - end < more.size()) {
            // Twice as much: who sends a record byte by byte has it copied a few times only.
            int size = left.remaining() + Math.max(left.remaining(), more.size());
            left = ByteBuffer.allocate(size).put(left).flip();
            end = left.limit();
        }
        left.limit(end + more.size());
        more.copyToBuffer(left.duplicate().position(end));
        return left;
    }

    /** Keeps what was not read. */
    void keep(ByteBuffer rest) {
        boolean isUntouched = left.hasRemaining() && left.position() == 0;
        if (!isUntouched) {
            // Shorter than what came last: what had come before was the beginning of what was read.
            left = rest.hasRemaining()
                    ? ByteBuffer.allocate(rest.remaining()).put(rest).flip()
                    : RecordBuffers.NOTHING;
        }
    }

    int size() {
        return left.remaining();
    }

    /** It is opened nowhere. */
    void drop() {
        left = RecordBuffers.NOTHING;
    }

    /** What is there, for who goes on with it. */
    ByteString take() {
        ByteString taken = ByteString.fromByteBuffer(left);
        left = RecordBuffers.NOTHING;
        return taken;
    }
}
