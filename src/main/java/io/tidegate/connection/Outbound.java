package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.Sent;
import io.tidegate.wire.UpdateScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection: from the lines for its client to the kernel, and to FIN. Counts what the kernel took.
 *
 * <pre>
 *                   the kernel's buffer is full
 *           ┌─► open ───────────────────────────► blocked ──┐
 *           │    │  ◄─────────────────────────────   │      │
 *  asked ───┘    │     it has the last piece         end    stop, from everywhere
 *               end                                  │      ▼
 *                ▼                                   ▼    stopped
 *             finished ◄────────────────────────  finishing
 *              (FIN)       it has the last byte
 * </pre>
 *
 * <p>While the kernel takes everything, lines are written to the socket directly, by whatever thread has the connection's
 * turn. When its buffer is full, the next small piece of the rest goes through the stream's TCP stage, only to wait until the
 * socket is writable; then the rest is written directly again. With {@code tcpWriteBufferSize(1)} and write coalescing on, the
 * TCP stage asks for more only when the kernel took the last piece over. So when it asks, every byte is with the kernel.
 *
 * <p>Its monitor is the one lock of the connection: what is spoken on it is guarded by the same. Thread-safe.
 */
final class Outbound {

    private static final int BUFFER_BYTES = 256 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A client that did not take all of its lines at once will hardly take all the rest: no more is copied for it. */
    private static final int REST_BYTES = 64 * 1024;

    private sealed interface Phase {

        /** Since when the kernel takes nothing; 0 if it is not waited for. */
        default long blockedSince() {
            return 0;
        }
    }

    /** Lines may be written, once the TCP stage has asked for the first. */
    private record Open(boolean asked) implements Phase {}

    /** A part of the lines that were begun is not with the kernel. */
    private record Blocked(long blockedSince) implements Phase {}

    /**
     * FIN follows what is not with the kernel yet.
     *
     * @param drops only the piece that the TCP stage has already
     */
    private record Finishing(long blockedSince, boolean drops) implements Phase {}

    private record Finished(long sinceNanos) implements Phase {}

    private record Stopped(long finishedSince) implements Phase {}

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

    private final Channel channel;
    private final LongSupplier nanoClock;
    private Phase phase = new Open(false);

    /** The lines of which the kernel has a part, and how many bytes that part has. */
    private @Nullable EventLines begun;

    private int taken;

    /** A piece of them is with the TCP stage. */
    private boolean pieceUnderWay;

    private boolean broken;

    private long bytes;

    /** How many these were when the kernel had nearly all of them on their way. */
    private long bytesSentAway;

    /** What waited in the kernel when it was looked at last, and since when that does not become less; 0 if it is short. */
    private long queued;

    private long queueStuckSince;

    private long bytesUnsent;
    private long updates;
    private long lastSeq;

    /** @param nanoClock tells the time, which is never 0 */
    Outbound(Channel channel, LongSupplier nanoClock) {
        this.channel = channel;
        this.nanoClock = nanoClock;
    }

    /** Whether lines may be written now. */
    synchronized boolean isOpen() {
        return phase instanceof Open open && open.asked();
    }

    /**
     * Hands lines to the kernel. Only while it is open.
     *
     * @return whether the kernel took them to the last byte; if not, the rest is {@linkplain #piece due} to the TCP stage
     */
    synchronized boolean write(EventLines lines) {
        if (!isOpen()) {
            return false;
        }
        queueStuckSince = 0;
        begun = lines;
        taken = 0;
        if (!writeRest()) {
            phase = new Blocked(nanoClock.getAsLong());
            return false;
        }
        return true;
    }

    /** Writes what is left of the lines that were begun, and settles them if the kernel has all. */
    private boolean writeRest() {
        EventLines lines = begun;
        if (lines == null) {
            return true;
        }
        boolean resumed = taken > 0;
        ByteString rest = lines.bytes().drop(taken);
        while (!rest.isEmpty() && !broken) {
            ByteBuffer copy = COPY.get().of(resumed ? rest.take(REST_BYTES) : rest);
            int length = copy.remaining();
            int written = write(copy);
            took(written);
            if (written < length) {
                break;
            }
            rest = rest.drop(length);
        }
        return settleIfTaken(lines);
    }

    private int write(ByteBuffer copy) {
        try {
            return channel.write(copy);
        } catch (IOException e) {
            broken = true;
            return 0;
        }
    }

    private void took(int count) {
        taken += count;
        if (channel.counts()) {
            bytes += count;
        }
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

    /** Whether a piece is to be given to the TCP stage. */
    synchronized boolean isPieceDue() {
        return (begun != null || channel.holds()) && !pieceUnderWay && phase.blockedSince() != 0;
    }

    /** The next piece for the TCP stage; null if none is due. */
    synchronized @Nullable ByteString piece() {
        if (!isPieceDue()) {
            return null;
        }
        pieceUnderWay = true;
        EventLines lines = begun;
        return channel.piece(
                lines == null ? ByteString.emptyByteString() : lines.bytes().drop(taken));
    }

    /** The TCP stage asks for more: every byte that it was given is with the kernel. */
    synchronized void asked() {
        boolean isAllTaken = true;
        if (pieceUnderWay) {
            pieceUnderWay = false;
            took(channel.pieceTaken());
            EventLines lines = begun;
            isAllTaken = lines == null || settleIfTaken(lines);
        }
        if (phase instanceof Finishing finishing) {
            if (finishing.drops() || isAllTaken || writeRest()) {
                finish();
            } else {
                phase = new Finishing(nanoClock.getAsLong(), false);
            }
        } else if (phase instanceof Open || phase instanceof Blocked) {
            phase = isAllTaken || writeRest() ? new Open(true) : new Blocked(nanoClock.getAsLong());
        }
    }

    /** No more lines follow: FIN comes behind those that were written, at once if the kernel has them. */
    synchronized void end() {
        if (phase instanceof Blocked blocked) {
            phase = new Finishing(blocked.blockedSince(), false);
        } else if (phase instanceof Open) {
            finish();
        }
    }

    /** FIN comes behind what was given to the TCP stage, and nothing else does. */
    synchronized void cut() {
        if (pieceUnderWay && phase.blockedSince() != 0) {
            phase = new Finishing(phase.blockedSince(), true);
        } else if (!isFinished() && !(phase instanceof Stopped)) {
            finish();
        }
    }

    /**
     * FIN at once, or behind what the channel holds. The TCP stage, which does the same when it is told that the output is complete,
     * would come to it only after all connections that have something to do: many that end together see their ends a third sooner.
     */
    private void finish() {
        if (!isChannelAtEnd()) {
            phase = new Finishing(nanoClock.getAsLong(), true);
            return;
        }
        // In this order: once the client sees the FIN, everybody else does.
        phase = new Finished(nanoClock.getAsLong());
        try {
            channel.finish();
        } catch (IOException e) {
            // The peer is gone, which the TCP stage finds out as well.
            broken = true;
        }
    }

    /** What the channel made of lines that are dropped otherwise is sent all the same: its client could not tell a part from damage. */
    private boolean isChannelAtEnd() {
        if (channel.holds()) {
            took(write(NOTHING.duplicate()));
        }
        if (!broken && channel.holds()) {
            return false;
        }
        settle();
        try {
            channel.end();
        } catch (IOException e) {
            broken = true;
        }
        return broken || !channel.holds();
    }

    /** Writes nothing from now on; the counts do not change any more. */
    synchronized void stop() {
        settle();
        phase = new Stopped(finishedSince());
    }

    private void settle() {
        EventLines lines = begun;
        if (lines != null) {
            bytesUnsent = (long) lines.size() - taken;
            if (lines.updates() > 0) {
                UpdateScan scan = UpdateScan.of(lines.linesIn(taken));
                count(scan.updates(), scan.lastSeq());
            }
            begun = null;
        }
    }

    /** Whether FIN was sent. */
    synchronized boolean isFinished() {
        return finishedSince() != 0;
    }

    /** When FIN was sent; 0 before. */
    synchronized long finishedSince() {
        if (phase instanceof Finished finished) {
            return finished.sinceNanos();
        }
        return phase instanceof Stopped stopped ? stopped.finishedSince() : 0;
    }

    /** Since when the kernel takes nothing; 0 if nothing waits for it. */
    synchronized long blockedSince() {
        return phase.blockedSince() == 0 ? queueStuckSince : phase.blockedSince();
    }

    /**
     * Whether what is written now would stand behind much that the kernel has not sent yet. Asks it only when there may be.
     *
     * @param bytes how much is not much
     */
    synchronized boolean isQueueLongerThan(int bytes) {
        if (this.bytes - bytesSentAway <= bytes) {
            return false;
        }
        long waiting = channel.notSent();
        if (waiting > bytes) {
            if (queueStuckSince == 0 || waiting < queued) {
                queueStuckSince = nanoClock.getAsLong();
            }
            queued = waiting;
            return true;
        }
        bytesSentAway = this.bytes;
        queueStuckSince = 0;
        return false;
    }

    /** For how long a queue that is too long has not become shorter, in nanoseconds; 0 if it is short. */
    synchronized long queueStuckFor() {
        return queueStuckSince == 0 ? 0 : nanoClock.getAsLong() - queueStuckSince;
    }

    /** Whether more has come from the client than was read, or a part of it tells nothing yet; false if the kernel does not tell. */
    synchronized boolean hasUnread(long read) {
        return channel.begun() != null || channel.arrived() > read;
    }

    /** The channel itself, for who reads; with the lock held. */
    Channel channel() {
        return channel;
    }

    /** What the kernel took so far; of lines that it took in part, the updates count only at the end. */
    synchronized Sent sent() {
        return new Sent(bytes, begun == null ? bytesUnsent : (long) begun.size() - taken, updates, lastSeq);
    }
}
