package io.tidegate.listener;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Logs what happens again and again: the first one at once, then how many there were, each ten seconds while they go on.
 *
 * <p>Thread-safe.
 */
final class Tally {

    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Logger log;
    private final Supplier<String> first;
    private final String more;
    private long count;
    private boolean goesOn;
    private long reportedNanos;

    /**
     * A tally of nothing yet.
     *
     * @param first what the first one means, and what to do about it
     * @param more what the others are, after their number
     */
    Tally(Logger log, Supplier<String> first, String more) {
        this.log = log;
        this.first = first;
        this.more = more;
    }

    /** One more. */
    synchronized void add(long nowNanos) {
        if (goesOn) {
            count++;
        } else {
            goesOn = true;
            reportedNanos = nowNanos;
            log.warn("{}", first.get());
        }
    }

    /** To be called regularly: logs what has gathered when it is time; ten seconds without any are the end. */
    synchronized void report(long nowNanos) {
        if (!goesOn || nowNanos - reportedNanos < INTERVAL.toNanos()) {
            return;
        }
        if (count > 0) {
            log.warn("{} {} in the last {} s", count, more, (nowNanos - reportedNanos) / 1_000_000_000);
        } else {
            goesOn = false;
        }
        count = 0;
        reportedNanos = nowNanos;
    }
}
