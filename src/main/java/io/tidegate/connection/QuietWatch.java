package io.tidegate.connection;

import java.time.Duration;

/**
 * Says, look by look, when a connection on which nothing is written is due for a heartbeat. Not thread-safe.
 *
 * <p>A client that has closed its side is probed: one that only asked for no more goes on, but the kernel of one that is gone
 * answers the first heartbeat by a reset, and then the second one fails. They count when they were written, and in different
 * looks: two that a busy server had merged into one would let who is gone keep its place for a whole interval.
 */
final class QuietWatch {

    private static final int PROBES = 2;

    private final long intervalNanos;

    /** So many bytes were written, and no more since. */
    private long writtenSeen;

    private long quietSince;

    /** Whether the last look was after the client's FIN. */
    private boolean probing;

    /** Looks between which something was written after the client's FIN. */
    private int probed;

    /**
     * A watch over one connection.
     *
     * @param interval a heartbeat is due after so long a silence
     */
    QuietWatch(Duration interval, long nowNanos) {
        intervalNanos = interval.toNanos();
        quietSince = nowNanos;
    }

    /**
     * Whether a heartbeat is due now. It is taken for granted that it is asked for then, not that it is written.
     *
     * @param written bytes that were written so far
     * @param hasPeerEnded whether the client has closed its side
     */
    boolean isHeartbeatDue(long written, boolean hasPeerEnded, long nowNanos) {
        if (written != writtenSeen) {
            writtenSeen = written;
            quietSince = nowNanos;
            probed += probing ? 1 : 0;
        }
        probing = hasPeerEnded;
        boolean due = (probing && probed < PROBES) || nowNanos - quietSince >= intervalNanos;
        if (due) {
            quietSince = nowNanos;
        }
        return due;
    }
}
