package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.DocumentName;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of a snapshot are read, in their order: those behind a document, so many at most.
 *
 * @param behind a document, whether it is there or not; null: it begins with the first one
 * @param most how many; at least 1
 */
public record Stretch(@Nullable DocumentName behind, long most) {

    /** All of them. */
    public static final Stretch ALL = new Stretch(null, Long.MAX_VALUE);

    /** Where it begins. */
    ByteString place() {
        return behind == null ? Snapshot.START : Snapshot.behind(behind);
    }

    /** Whether who has read it has read all that its snapshot has. */
    boolean isAll() {
        return equals(ALL);
    }
}
