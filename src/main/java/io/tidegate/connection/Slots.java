package io.tidegate.connection;

import java.time.Duration;

/**
 * The slots in which the clients of connections that end together are invited back: so many a second, one after the other,
 * each counted from when its client is told.
 *
 * <p>Not thread-safe.
 */
final class Slots {

    private final int perSecond;
    private long given;

    /** Slots of which the first is at once. */
    Slots(int perSecond) {
        this.perSecond = perSecond;
    }

    Duration next() {
        return Duration.ofMillis(1000 * given++ / perSecond);
    }
}
