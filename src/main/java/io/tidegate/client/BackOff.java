package io.tidegate.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: longer each time, and not the same for all clients of a server. */
public final class BackOff {

    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** Of who was told that it cannot be served now. */
    static final Duration FIRST_AFTER_REFUSAL = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private long ceilingMillis = FIRST.toMillis();

    public BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** The last attempt went well. */
    void reset() {
        ceilingMillis = FIRST.toMillis();
    }

    /** The server is there, and cannot serve now. */
    void refused() {
        ceilingMillis = Math.max(ceilingMillis, FIRST_AFTER_REFUSAL.toMillis());
    }

    /** Between half of the ceiling and all of it; the ceiling doubles each time, up to {@link #LIMIT}. */
    Duration next() {
        long millis = ceilingMillis / 2 + random.nextLong(ceilingMillis / 2 + 1);
        ceilingMillis = Math.min(LIMIT.toMillis(), ceilingMillis * 2);
        return Duration.ofMillis(millis);
    }
}
