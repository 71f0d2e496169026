package io.tidegate.feed;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of day as it was at the start, and from then on as fast as time goes.
 *
 * <p>The age of what is committed is told by it, in the log as in the ring. By the time of day itself the whole log would be too
 * old at the moment when somebody sets the clock, and be trimmed. Thread-safe.
 */
public final class SteadyClock {

    /** Of this process. */
    public static final SteadyClock PROCESS = new SteadyClock(System::currentTimeMillis, System::nanoTime);

    private final LongSupplier nanos;
    private final long startMillis;
    private final long startNanos;

    SteadyClock(LongSupplier millisOfDay, LongSupplier nanos) {
        this.nanos = nanos;
        startMillis = millisOfDay.getAsLong();
        startNanos = nanos.getAsLong();
    }

    /** Milliseconds since 1970. */
    public long millis() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - startNanos);
    }
}
