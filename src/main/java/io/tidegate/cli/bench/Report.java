package io.tidegate.cli.bench;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a run found.
 *
 * @param measured what happened in the measured interval
 * @param updates how many were published in all, the warm-up's too; the verdict is about all of them
 * @param stall what a stall of some followers meant; null if there was none
 * @param residentBefore the server's memory before the first connection
 * @param residentMax the most that it had until the end
 */
record Report(
        Target target,
        Workload workload,
        Snapshot measured,
        long updates,
        Verdict verdict,
        Percentiles acknowledgement,
        Percentiles delivery,
        @Nullable StallFigures stall,
        OptionalLong serverPid,
        OptionalLong residentBefore,
        OptionalLong residentMax) {

    /** The primary figure of a comparison; empty without followers, or if the server's CPU is not known. */
    OptionalLong deliveriesPerServerCpuSecond() {
        OptionalLong cpuNanos = measured.server().cpuNanos();
        return workload.followers() > 0 && cpuNanos.isPresent() && cpuNanos.getAsLong() > 0
                ? OptionalLong.of((long) (measured.deliveries() / RunClock.secondsOf(cpuNanos.getAsLong())))
                : OptionalLong.empty();
    }
}
