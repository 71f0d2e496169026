package io.tidegate.connection;

import io.tidegate.wire.Decoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether what a client has begun to say comes to its end in time.
 *
 * <p>From its first byte it may take the time of grace, and so much more as its bytes take at the least rate. Only the time
 * counts in which the client is listened to. Who has begun nothing may be silent for ever. Not thread-safe.
 */
final class InputClock {

    /** What the client is told that is overdue. */
    static final String TOO_SLOW = "what you began to send did not come to its end in time: send it at once";

    private final long graceNanos;
    private final long nanosForByte;

    private Decoder.@Nullable Begun begun;
    private long waitedNanos;
    private boolean isListening;
    private long seenAt;

    /**
     * A clock for one client.
     *
     * @param grace how long anything may take
     * @param leastRate bytes a second that a client sends at least when it takes longer
     */
    InputClock(Duration grace, int leastRate) {
        graceNanos = grace.toNanos();
        nanosForByte = 1_000_000_000L / leastRate;
    }

    /**
     * Takes note of how it stands.
     *
     * @param unfinished what has begun and is not whole; null if there is nothing
     * @param listens whether the client is listened to from now on
     */
    void look(Decoder.@Nullable Begun unfinished, boolean listens, long nowNanos) {
        Decoder.Begun before = begun;
        if (before == null || unfinished == null || before.number() != unfinished.number()) {
            waitedNanos = 0;
        } else if (isListening) {
            waitedNanos += nowNanos - seenAt;
        }
        begun = unfinished;
        isListening = listens;
        seenAt = nowNanos;
    }

    /** Whether it was waited for too long, with nothing more having come since the last look. */
    boolean isOverdue(boolean listens, long nowNanos) {
        Decoder.Begun now = begun;
        if (now == null) {
            return false;
        }
        look(now, listens, nowNanos);
        return waitedNanos >= graceNanos + now.bytes() * nanosForByte;
    }
}
