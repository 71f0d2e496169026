package io.tidegate.cli.bench;

import java.util.concurrent.TimeUnit;

/** Nanoseconds since the run began; the same for all of its threads. */
final class RunClock {

    private final long origin = System.nanoTime();

    long nanos() {
        return System.nanoTime() - origin;
    }

    static double secondsOf(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    static long nanosOf(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
