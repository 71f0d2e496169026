package io.tidegate.checkpoint;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * Limits of checkpoints.
 *
 * @param most how many there are at once; at least 1
 * @param keepFor one that nobody has read for this long is deleted
 */
public record CheckpointSettings(int most, Duration keepFor) {

    /** Reads {@code tidegate.store.checkpoints}. */
    public static CheckpointSettings from(Section checkpoints) {
        return new CheckpointSettings(
                checkpoints.number("most", 1, 100),
                checkpoints.duration("keep-for", Duration.ofSeconds(1), Duration.ofDays(1)));
    }
}
