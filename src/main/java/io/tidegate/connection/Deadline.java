package io.tidegate.connection;

import java.time.Duration;

/** Limits of time, of what began at some time by a clock of nanoseconds or has not: 0 stands for that. */
public final class Deadline {

    private Deadline() {}

    /** Whether it began, and that is as long ago as the limit. */
    public static boolean hasPassed(long since, Duration limit, long nowNanos) {
        return since != 0 && nowNanos - since >= limit.toNanos();
    }
}
