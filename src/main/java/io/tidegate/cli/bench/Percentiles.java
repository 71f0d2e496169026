package io.tidegate.cli.bench;

import org.HdrHistogram.Histogram;

/** A distribution of latencies in nanoseconds; all are 0 if there were none. */
record Percentiles(long p50, long p90, long p99, long p999, long max) {

    static Percentiles of(Histogram histogram) {
        return new Percentiles(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }
}
