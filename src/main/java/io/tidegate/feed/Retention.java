package io.tidegate.feed;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * How much of the log is kept for clients to resume from; a batch is dropped when any of the limits is passed.
 *
 * @param updates most updates
 * @param bytes most bytes
 * @param age oldest update; zero means that age does not matter
 */
public record Retention(long updates, long bytes, Duration age) {

    static Retention from(Section retention) {
        return new Retention(
                retention.number("updates", 1, 1_000_000_000_000L),
                retention.bytes("bytes", mib(1), gib(1 << 20)),
                retention.duration("age", Duration.ZERO, Duration.ofDays(10_000)));
    }

    /** The limit for batches that a lagging cursor is still being served from. */
    Retention doubled() {
        return new Retention(2 * updates, 2 * bytes, age.multipliedBy(2));
    }
}
