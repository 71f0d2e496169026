package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The plainest model of a feed: a list of the changes that were accepted, and what follows from it. */
final class AcceptedChanges {

    private final List<Change> changes = new ArrayList<>();

    void add(Change change) {
        changes.add(change);
    }

    int size() {
        return changes.size();
    }

    /** Where a document stands now; null if there is none. */
    @Nullable
    Position position(DocumentName name) {
        for (int seq = changes.size(); seq > 0; seq--) {
            Change change = changes.get(seq - 1);
            if (change.name().equals(name)) {
                return change instanceof Change.Put ? new Position(MemoryFeedLog.EPOCH, seq) : null;
            }
        }
        return null;
    }

    /** What a follower is sent after one number up to another. */
    List<String> lines(long after, long last, Selection selection) {
        List<String> lines = new ArrayList<>();
        for (long seq = after + 1; seq <= last; seq++) {
            Change change = changes.get((int) seq - 1);
            if (selection.includes(change.name())) {
                lines.add(TextEncoder.quotedLine(new Update(seq, change)));
            }
        }
        return lines;
    }

    Change change(long seq) {
        return changes.get((int) seq - 1);
    }

    /** What a snapshot has. */
    String documentsAt(long seq, Selection selection) {
        return String.join("", documents(seq, selection).values());
    }

    /** What a client has who has seen everything up to there. */
    Map<String, String> documents(long seq, Selection selection) {
        Map<String, String> documents = new TreeMap<>();
        for (Change change : changes.subList(0, (int) seq)) {
            String name = change.collection() + "/\"" + change.key() + "\"";
            if (change instanceof Change.Put put && selection.includes(change.name())) {
                documents.put(name, name + " " + put.value() + "\n");
            } else {
                documents.remove(name);
            }
        }
        return documents;
    }
}
