package io.tidegate.checkpoint;

import io.tidegate.document.Position;
import java.util.List;

/**
 * A copy of a store as it was at one moment.
 *
 * @param id by which it is asked for; letters and digits
 * @param position of the newest update that is in it, at least
 * @param files all that it consists of
 */
public record Checkpoint(String id, Position position, List<Part> files) {

    /**
     * A file.
     *
     * @param bytes how long it is
     */
    public record Part(String name, long bytes) {}

    /** How much all of it is. */
    public long bytes() {
        return files.stream().mapToLong(Part::bytes).sum();
    }
}
