package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The changes of a {@link MemoryFeedLog}, and how many it knows of those that were trimmed. Guarded by its log. */
final class MemoryChanges {

    /** What was appended, by number from 1 on; what is forgotten of it is {@link #knownAfter}. */
    private final List<Change> changes = new ArrayList<>();

    private long rememberedUpdates;
    private long knownAfter;

    void add(List<Change> added) {
        changes.addAll(added);
    }

    /** Goes on from where another log is. */
    void goOnFrom(MemoryChanges other) {
        changes.addAll(other.changes);
        rememberedUpdates = other.rememberedUpdates;
        knownAfter = other.knownAfter;
    }

    void loseAfter(long seq) {
        changes.subList((int) seq, changes.size()).clear();
    }

    /** From now on the last {@code updates} of those that are trimmed are known. */
    void rememberTrimmed(long updates) {
        rememberedUpdates = updates;
    }

    void trimTo(long seq) {
        knownAfter = Math.max(knownAfter, seq - rememberedUpdates);
    }

    long knownAfter() {
        return knownAfter;
    }

    /** Those after one number up to another. */
    List<Change> between(long after, long last) {
        return changes.subList((int) after, (int) last);
    }

    /** Whether some of a batch, after {@code seq}, are of a selection. */
    boolean concern(Batch batch, long seq, Selection selection) {
        return between(Math.max(seq, batch.firstSeq() - 1), batch.lastSeq()).stream()
                .anyMatch(change -> selection.includes(change.name()));
    }

    /** What {@link FeedLog#changes} finds. */
    Optional<FeedLog.Changes> newest(long seq, long to, Selection selection, int maxBytes) {
        if (seq < knownAfter) {
            return Optional.empty();
        }
        List<Changed> found = new ArrayList<>();
        long bytes = 0;
        for (long at = seq + 1; at <= to; at++) {
            Change change = changes.get((int) at - 1);
            if (selection.includes(change.name()) && newestOf(change.name()) == at) {
                found.add(new Changed(change.name(), at, change instanceof Change.Put put ? put.value() : null));
                bytes += change.weight();
                if (bytes >= maxBytes) {
                    return Optional.of(new FeedLog.Changes(found, at));
                }
            }
        }
        return Optional.of(new FeedLog.Changes(found, to));
    }

    /** The number of the last one of a document. */
    long newestOf(DocumentName name) {
        int at = changes.size();
        while (!changes.get(at - 1).name().equals(name)) {
            at--;
        }
        return at;
    }
}
