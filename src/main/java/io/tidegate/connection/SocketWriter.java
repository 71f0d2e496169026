package io.tidegate.connection;

import akka.util.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a connection's socket without a detour through the stream's TCP stage, as long as the kernel takes everything.
 *
 * <p>What the kernel does not take goes through the TCP stage, which waits until the socket is writable; until the TCP stage
 * asks for more nothing may be written here, or bytes would overtake each other. Thread-safe.
 */
final class SocketWriter {

    private static final int BUFFER_BYTES = 256 * 1024;

    /**
     * A direct buffer for each thread that writes. The followers of a feed are sent the same bytes one after the other, so it
     * remembers what is in it: a batch is copied once for all of them.
     */
    private static final class Copy {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private @Nullable ByteString content;

        /** The first bytes, as many as fit. */
        @SuppressWarnings("ReferenceEquality") // To compare the contents would cost as much as to copy them.
        ByteBuffer of(ByteString bytes) {
            if (content != bytes) {
                content = null;
                buffer.clear();
                bytes.copyToBuffer(buffer);
                buffer.flip();
                content = bytes;
            }
            return buffer.position(0);
        }
    }

    private static final ThreadLocal<Copy> COPY = ThreadLocal.withInitial(Copy::new);

    private final WritableByteChannel channel;

    private boolean stopped;
    private long bytes;

    SocketWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Hands bytes to the kernel.
     *
     * @return how many it took; fewer when its buffer is full, none when the connection is broken, which the TCP stage
     *     finds out as well
     */
    synchronized int write(ByteString lines) {
        if (stopped) {
            return 0;
        }
        int taken = 0;
        try {
            taken = writeTo(channel, lines);
        } catch (IOException e) {
            stopped = true;
        }
        bytes += taken;
        return taken;
    }

    private static int writeTo(WritableByteChannel channel, ByteString lines) throws IOException {
        int taken = 0;
        ByteString rest = lines;
        while (!rest.isEmpty()) {
            ByteBuffer copy = COPY.get().of(rest);
            int length = copy.remaining();
            int written = channel.write(copy);
            taken += written;
            if (written < length || length == rest.size()) {
                return taken;
            }
            rest = rest.drop(length);
        }
        return taken;
    }

    /** Writes nothing from now on. */
    synchronized void stop() {
        stopped = true;
    }

    /** How many bytes the kernel took. */
    synchronized long bytes() {
        return bytes;
    }
}
