package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The buffer into which one thread reads all of its connections: large, since one read then takes all that has come, and
 * shared, since it then stays in the cache. What a connection left over from its last read is put before the new bytes.
 */
final class SharedBuffer {

    /** Longest beginning of an event that is kept; no event of a run is longer. */
    static final int MAX_LEFTOVER_BYTES = 1 << 20;

    private static final int READ_BYTES = 256 << 10;

    private final byte[] bytes = new byte[MAX_LEFTOVER_BYTES + READ_BYTES];
    private final ByteBuffer target = ByteBuffer.wrap(bytes);
    private int from;
    private int to;

    /** The bytes of one connection that are not a whole event yet. */
    static final class Leftover {
        private byte[] bytes = new byte[0];
        private int length;
    }

    /**
     * Reads what one connection has.
     *
     * @return how many bytes came; -1 at the end of the stream
     */
    int read(SocketChannel channel, Leftover leftover) throws IOException {
        int count = channel.read(target.clear().position(MAX_LEFTOVER_BYTES));
        from = MAX_LEFTOVER_BYTES - leftover.length;
        to = MAX_LEFTOVER_BYTES + Math.max(0, count);
        System.arraycopy(leftover.bytes, 0, bytes, from, leftover.length);
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Keeps what begins at {@code offset} for the next read of this connection. */
    void keep(int offset, Leftover leftover) throws BenchFailure {
        int length = to - offset;
        if (length > MAX_LEFTOVER_BYTES) {
            throw new BenchFailure("an event is longer than " + MAX_LEFTOVER_BYTES + " bytes");
        }
        if (length > leftover.bytes.length) {
            leftover.bytes = new byte[Math.max(length, 512)];
        }
        System.arraycopy(bytes, offset, leftover.bytes, 0, length);
        leftover.length = length;
    }
}
