package io.tidegate.feed;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How much of the log is kept for clients to resume from; a batch is dropped when any of the limits is passed.
 *
 * @param updates most updates; at least 1
 * @param bytes most bytes; at least 1 MiB
 * @param age oldest update; zero means that age does not matter
 */
public record Retention(long updates, long bytes, Duration age) {

    static Retention from(Config config) {
        return new Retention(config.getLong("updates"), config.getBytes("bytes"), config.getDuration("age"));
    }

    /** The limit for batches that a lagging cursor is still being served from. */
    Retention doubled() {
        return new Retention(2 * updates, 2 * bytes, age.multipliedBy(2));
    }
}
