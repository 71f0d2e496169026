package io.tidegate.feed;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * How much of the log is kept for clients to resume from; a batch is dropped when any of the limits is passed. And for how long it is
 * remembered which documents changed, deleted ones too, in any case for as long as the log has the updates.
 *
 * @param updates most updates
 * @param bytes most bytes
 * @param age oldest update; zero means that age does not matter
 * @param tombstones for how long changes are remembered
 * @param tombstoneBytes most bytes of what is remembered of them, although it is younger
 */
public record Retention(long updates, long bytes, Duration age, Duration tombstones, long tombstoneBytes) {

    /** Changes are remembered as long as the log has them, and no longer. */
    public Retention(long updates, long bytes, Duration age) {
        this(updates, bytes, age, Duration.ZERO, 0);
    }

    static Retention from(Section retention) {
        return new Retention(
                retention.number("updates", 1, 1_000_000_000_000L),
                retention.bytes("bytes", mib(1), gib(1 << 20)),
                retention.duration("age", Duration.ZERO, Duration.ofDays(10_000)),
                retention.duration("tombstones", Duration.ZERO, Duration.ofDays(10_000)),
                retention.bytes("tombstone-bytes", mib(1), gib(1 << 20)));
    }

    /** The limit for batches that a lagging cursor is still being served from. */
    Retention doubled() {
        return new Retention(2 * updates, 2 * bytes, age.multipliedBy(2), tombstones, tombstoneBytes);
    }
}
