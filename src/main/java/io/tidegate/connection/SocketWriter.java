package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.Sent;
import io.tidegate.wire.UpdateScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a connection's socket without a detour through the stream's TCP stage, as long as the kernel takes everything, and
 * counts what the kernel took.
 *
 * <p>When the kernel's buffer is full, the next {@linkplain #piece piece} goes through the TCP stage, which waits until the
 * socket is writable; until the TCP stage has taken it over nothing may be written here, or bytes would overtake each other.
 * Of such a piece nobody can tell how far it got while it is under way. It is small, so that the count is exact to
 * {@value #PIECE_BYTES} bytes even for a connection that is cut in the middle of a write. Thread-safe.
 */
public final class SocketWriter {

    /** The longest piece that goes through the TCP stage. */
    static final int PIECE_BYTES = 512;

    private static final int BUFFER_BYTES = 256 * 1024;

    /** A client that did not take all of its lines at once will hardly take all the rest: no more is copied for it. */
    private static final int REST_BYTES = 64 * 1024;

    /** Ends the output of a socket. */
    interface Fin {
        void send() throws IOException;
    }

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
    private final Fin fin;
    private final LongSupplier arrived;

    /** The lines of which the kernel has a part, and how many bytes that part has. */
    private @Nullable EventLines begun;

    private int taken;

    private boolean broken;
    private boolean stopped;

    private long bytes;
    private long bytesUnsent;
    private long updates;
    private long lastSeq;

    /**
     * A writer to a socket.
     *
     * @param fin does nothing if it was sent before
     * @param arrived bytes of the peer that the kernel has received; 0 if it does not tell
     */
    SocketWriter(WritableByteChannel channel, Fin fin, LongSupplier arrived) {
        this.channel = channel;
        this.fin = fin;
        this.arrived = arrived;
    }

    /** Whether more has come from the client than was read; false if the kernel does not tell. */
    public boolean hasUnread(long read) {
        return arrived.getAsLong() > read;
    }

    /**
     * Hands lines to the kernel, or the rest of them if a part was taken before; no others may be given in between.
     *
     * @return whether it took them to the last byte; not when its buffer is full, and not when the connection is broken, which
     *     the TCP stage finds out as well
     */
    @SuppressWarnings("ReferenceEquality") // The same object means the same write.
    synchronized boolean write(EventLines lines) {
        if (stopped) {
            return false;
        }
        if (begun != lines) {
            begun = lines;
            taken = 0;
        }
        if (!broken) {
            writeRest(lines.bytes().drop(taken));
        }
        return settleIfTaken(lines);
    }

    private void writeRest(ByteString lines) {
        boolean resumed = taken > 0;
        ByteString rest = lines;
        while (!rest.isEmpty()) {
            ByteBuffer copy = COPY.get().of(resumed ? rest.take(REST_BYTES) : rest);
            int length = copy.remaining();
            int written;
            try {
                written = channel.write(copy);
            } catch (IOException e) {
                broken = true;
                return;
            }
            took(written);
            if (written < length) {
                return;
            }
            rest = rest.drop(length);
        }
    }

    private void took(int count) {
        taken += count;
        bytes += count;
    }

    private boolean settleIfTaken(EventLines lines) {
        if (taken < lines.size()) {
            return false;
        }
        count(lines.updates(), lines.lastSeq());
        begun = null;
        return true;
    }

    private void count(int more, long last) {
        if (more > 0) {
            updates += more;
            lastSeq = last;
        }
    }

    /** The next bytes of the lines that were begun, for the TCP stage. */
    synchronized ByteString piece() {
        return begun == null
                ? ByteString.emptyByteString()
                : begun.bytes().slice(taken, Math.min(taken + PIECE_BYTES, begun.size()));
    }

    /**
     * The TCP stage handed so many bytes to the kernel.
     *
     * @return whether the lines that were begun are with the kernel to the last byte
     */
    synchronized boolean pieceTaken(int count) {
        if (begun == null) {
            return true;
        }
        took(count);
        return settleIfTaken(begun);
    }

    /** Writes nothing from now on; the counts do not change any more. */
    synchronized void stop() {
        stopped = true;
        if (begun != null) {
            bytesUnsent = (long) begun.size() - taken;
            if (begun.updates() > 0) {
                UpdateScan scan = UpdateScan.of(begun.linesIn(taken));
                count(scan.updates(), scan.lastSeq());
            }
            begun = null;
        }
    }

    /**
     * {@linkplain #stop Stops}, and sends FIN at once. The TCP stage, which does the same when it is told that the output is
     * complete, would come to it only after all connections that have something to do: many that end together see their ends
     * a third sooner.
     */
    synchronized void finish() {
        stop();
        try {
            fin.send();
        } catch (IOException e) {
            // The peer is gone, which the TCP stage finds out as well.
            broken = true;
        }
    }

    /** What the kernel took so far; of lines that it took in part, the updates count only after {@link #stop}. */
    synchronized Sent sent() {
        return new Sent(bytes, begun == null ? bytesUnsent : (long) begun.size() - taken, updates, lastSeq);
    }
}
