package io.tidegate.cli.bench;

import java.util.function.LongSupplier;

/**
 * When the updates of one stretch of a run are published. Updates are numbered from the beginning of the run, from 0 on.
 * Times are of the run's clock.
 */
sealed interface Pace {

    /** Nothing to publish. */
    Pace NONE = new Fixed(0, 0, 0, 1);

    /** Updates with a lower number than this may be published now. */
    long allowed(long nowNanos);

    /** When an update is to be sent, if it is allowed now: its latency counts from here. */
    long intendedNanos(long update, long nowNanos);

    /** How long until the clock allows update {@code next}, or ends the stretch. */
    long nanosToNext(long next, long nowNanos);

    /** Whether update {@code next} belongs to this stretch no longer. */
    boolean isOver(long next, long nowNanos);

    /**
     * Closed loop: only so many updates are on their way.
     *
     * @param last number behind the last update
     * @param endNanos when it ends even if updates are left
     * @param arrived updates that are no longer on their way
     */
    record Windowed(long last, long endNanos, int window, LongSupplier arrived) implements Pace {

        @Override
        public long allowed(long nowNanos) {
            return nowNanos < endNanos ? Math.min(last, arrived.getAsLong() + window) : 0;
        }

        @Override
        public long intendedNanos(long update, long nowNanos) {
            return nowNanos;
        }

        @Override
        public long nanosToNext(long next, long nowNanos) {
            return endNanos - nowNanos;
        }

        @Override
        public boolean isOver(long next, long nowNanos) {
            return next >= last || nowNanos >= endNanos;
        }
    }

    /**
     * Open loop: each update has its time. One that could not be sent then, since the server took no more, is sent later
     * and counts from its time all the same: that is what leaves no omission in the latencies.
     *
     * @param first number of the first update
     * @param last number behind the last one
     * @param startNanos time of the first one
     */
    record Fixed(long first, long last, long startNanos, double perSecond) implements Pace {

        @Override
        public long allowed(long nowNanos) {
            long due = nowNanos < startNanos ? 0 : (long) (RunClock.secondsOf(nowNanos - startNanos) * perSecond) + 1;
            return Math.min(last, first + due);
        }

        @Override
        public long intendedNanos(long update, long nowNanos) {
            return startNanos + RunClock.nanosOf((update - first) / perSecond);
        }

        @Override
        public long nanosToNext(long next, long nowNanos) {
            return intendedNanos(next, nowNanos) - nowNanos;
        }

        @Override
        public boolean isOver(long next, long nowNanos) {
            return next >= last;
        }
    }
}
