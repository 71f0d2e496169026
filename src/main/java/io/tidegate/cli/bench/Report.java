package io.tidegate.cli.bench;

import java.util.OptionalLong;

/**
 * What a run found.
 *
 * @param measured what happened in the measured interval
 * @param updates how many were published in all, the warm-up's too; the verdict is about all of them
 * @param residentBefore the server's memory before the first connection
 */
record Report(
        Target target,
        Workload workload,
        Snapshot measured,
        long updates,
        Verdict verdict,
        Percentiles acknowledgement,
        Percentiles delivery,
        OptionalLong serverPid,
        OptionalLong residentBefore) {

    /** The primary figure of a comparison; empty without followers, or if the server's CPU is not known. */
    OptionalLong deliveriesPerServerCpuSecond() {
        OptionalLong cpuNanos = measured.server().cpuNanos();
        return workload.followers() > 0 && cpuNanos.isPresent() && cpuNanos.getAsLong() > 0
                ? OptionalLong.of((long) (measured.deliveries() / RunClock.secondsOf(cpuNanos.getAsLong())))
                : OptionalLong.empty();
    }
}
