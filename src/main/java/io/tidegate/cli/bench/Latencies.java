package io.tidegate.cli.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long updates took, from when they were to be sent.
 *
 * <p>Counted are the updates that were to be sent in the measured interval, whenever they arrive: a stall at its end
 * would go unseen if counting ended with it. Recorded by one thread, read when that has ended; the interval is set by
 * another.
 */
final class Latencies {

    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Histogram histogram = new Histogram(TimeUnit.MICROSECONDS.toNanos(1), LONGEST_NANOS, 3);
    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    /** Counts the updates that are to be sent from one time to another. */
    void measure(long fromNanos, long toNanos) {
        to = toNanos;
        from = fromNanos;
    }

    void record(long intendedNanos, long nowNanos) {
        if (intendedNanos >= from && intendedNanos < to) {
            // A damaged time must not end the run: it is in the maximum for all to see.
            histogram.recordValue(Math.max(0, Math.min(nowNanos - intendedNanos, LONGEST_NANOS)));
        }
    }

    Percentiles percentiles() {
        return Percentiles.of(histogram);
    }
}
