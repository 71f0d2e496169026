package io.tidegate.cli.bench;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The most memory that a server had whenever it was looked at; looks are at least a tenth of a second apart. */
final class PeakMemory {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RunClock clock;
    private long nextNanos;
    private OptionalLong bytes = OptionalLong.empty();

    PeakMemory(RunClock clock) {
        this.clock = clock;
    }

    void look(ServerProcess process) {
        long now = clock.nanos();
        if (now >= nextNanos) {
            nextNanos = now + INTERVAL_NANOS;
            OptionalLong seen = process.residentBytes();
            bytes = bytes.isEmpty() || (seen.isPresent() && seen.getAsLong() > bytes.getAsLong()) ? seen : bytes;
        }
    }

    OptionalLong bytes() {
        return bytes;
    }
}
