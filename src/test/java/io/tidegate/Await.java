package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what nobody tells of. */
public final class Await {

    /** Only a bug takes as long, however busy the machine is. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A spin would take the core from what is waited for. */
    private static final long LOOK_INTERVAL_NANOS = 1_000_000;

    private Await() {}

    /** Returns as soon as it is so; fails if it never is. */
    public static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds waited in vain")
                    .isLessThan(PATIENCE.toNanos());
            LockSupport.parkNanos(LOOK_INTERVAL_NANOS);
        }
    }
}
