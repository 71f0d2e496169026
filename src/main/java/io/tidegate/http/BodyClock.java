package io.tidegate.http;

import akka.util.ByteString;
import java.time.Duration;

/**
 * Tells whether a body comes fast enough.
 *
 * <p>Only the time counts in which the server waits for the client: not while the feed has no room. A body that is not there
 * for the longest silence is overdue, and so is one that is slower than the least rate, after the same time of grace. Of a body
 * that is taken line by line the rate is each line's own, from its first byte to its end: between lines a client may pause, for
 * an hour and more, with a line now and then. Thread-safe.
 */
final class BodyClock {

    private static final byte NEWLINE = '\n';

    private static final long HURRIED_NANOS = Duration.ofSeconds(5).toNanos();

    private final long nanosForByte;
    private final boolean byLine;

    // All guarded by this.
    private long silenceNanos;
    private boolean waiting;
    private long waitingSince;

    /** A body or a line has begun that is not over. */
    private boolean begun;

    private long waitedNanos;
    private long bytes;

    /**
     * A clock for one body, which nobody waits for yet.
     *
     * @param byLine whether lines have their times, not the body as a whole
     */
    BodyClock(HttpSettings settings, boolean byLine) {
        silenceNanos = settings.bodyTimeout().toNanos();
        nanosForByte = 1_000_000_000 / settings.minBodyRate();
        this.byLine = byLine;
        begun = !byLine;
    }

    /** The next bytes are waited for. */
    synchronized void waits(long nowNanos) {
        waiting = true;
        waitingSince = nowNanos;
    }

    /** They are here. */
    synchronized void came(ByteString more, long nowNanos) {
        long waited = waiting ? nowNanos - waitingSince : 0;
        waiting = false;
        int newline = byLine ? more.lastIndexOf(NEWLINE, more.size()) : -1;
        if (newline >= 0) {
            begun = false;
            bytes = 0;
            waitedNanos = 0;
        } else if (begun) {
            waitedNanos += waited;
        }
        int length = more.size() - newline - 1;
        bytes += length;
        begun |= length > 0;
    }

    /** From now on it is waited for only so long as bytes that are under way may take. */
    synchronized void hurry() {
        silenceNanos = Math.min(silenceNanos, HURRIED_NANOS);
    }

    /** Whether the client is to be waited for no longer. */
    synchronized boolean isOverdue(long nowNanos) {
        if (!waiting) {
            return false;
        }
        long waited = nowNanos - waitingSince;
        return waited >= silenceNanos || (begun && waitedNanos + waited >= silenceNanos + bytes * nanosForByte);
    }
}
