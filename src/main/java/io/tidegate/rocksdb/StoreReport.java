package io.tidegate.rocksdb;

import io.tidegate.document.Position;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is in a store, as far as it can be read, and what is wrong with it.
 *
 * @param format in which it is written; null if that cannot be read, or nothing was written yet
 * @param documents that it holds now
 * @param updates that its log holds
 * @param first position of the oldest of these; null if there is none, as {@code last}
 * @param last position of the newest
 * @param epochs how many there are
 * @param problems at most {@value Problems#MOST}
 * @param moreProblems beyond these
 */
public record StoreReport(
        Path directory,
        @Nullable String format,
        long documents,
        long updates,
        @Nullable Position first,
        @Nullable Position last,
        int epochs,
        List<Problem> problems,
        long moreProblems) {

    /**
     * One thing that is not as it was written.
     *
     * @param where the file, or the part of the database
     * @param what one line that says what is wrong and what to do
     */
    public record Problem(String where, String what) {}

    public StoreReport {
        problems = List.copyOf(problems);
    }
}
