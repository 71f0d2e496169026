package io.tidegate.listener;

import java.time.Duration;

/**
 * Whom a listener that was told to close still lets in: everybody who waited by then, as long as its patience lasts; and who
 * comes while that goes on, for a moment more.
 *
 * <p>Who waits in the kernel when the listening socket is closed is reset. Not thread-safe.
 */
final class LastCalls {

    /** Others may come all the time. */
    static final Duration MORE = Duration.ofMillis(500);

    /** To be served. Who takes longer to get in is only told that it is over. */
    private static final Duration SERVED = Duration.ofSeconds(1);

    private final long beginNanos;
    private final long patienceNanos;
    private long waiting;

    /** Since when all who waited are in, if {@code waiting} is 0. */
    private long servedNanos;

    /**
     * The last calls of one listener.
     *
     * @param waiting how many wait, at most; 0 if nobody knows
     */
    LastCalls(long waiting, Duration patience, long nowNanos) {
        this.waiting = waiting;
        patienceNanos = patience.toNanos();
        beginNanos = nowNanos;
        servedNanos = nowNanos;
    }

    /** One was let in. */
    void letIn(long nowNanos) {
        if (waiting > 0) {
            waiting--;
            servedNanos = nowNanos;
        }
    }

    /** Whether it takes so long that who is let in is not served any more. */
    boolean isLong(long nowNanos) {
        return nowNanos - beginNanos >= Math.min(SERVED.toNanos(), patienceNanos / 2);
    }

    /** Whether nothing is waited for any more. */
    boolean isOutOfPatience(long nowNanos) {
        return nowNanos - beginNanos >= patienceNanos;
    }

    /** Whether nobody more is let in. */
    boolean isOver(boolean nobodyWaits, long nowNanos) {
        return nobodyWaits || isOutOfPatience(nowNanos) || (waiting == 0 && nowNanos - servedNanos >= MORE.toNanos());
    }
}
