package io.tidegate.connection;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The plainest model of a feed: the changes that were accepted, in their order. */
final class History {

    /** @param value null if it was deleted */
    record Step(DocumentName name, @Nullable String value) {

        void applyTo(Map<DocumentName, String> documents) {
            if (value == null) {
                documents.remove(name);
            } else {
                documents.put(name, value);
            }
        }
    }

    private final List<Step> steps = new ArrayList<>();

    void add(Step step) {
        steps.add(step);
    }

    long head() {
        return steps.size();
    }

    /** The change that has that number. */
    Step at(long seq) {
        return steps.get((int) seq - 1);
    }

    /** The numbers after {@code after}, up to {@code to}, of those that concern a selection. */
    List<Long> concerning(Selection selection, long after, long to) {
        return LongStream.rangeClosed(after + 1, to)
                .filter(seq -> selection.includes(at(seq).name()))
                .boxed()
                .toList();
    }

    /** Whether that document changed after {@code seq}. */
    boolean changedAfter(DocumentName name, long seq) {
        return LongStream.rangeClosed(seq + 1, head())
                .anyMatch(later -> at(later).name().equals(name));
    }

    /** The documents of a selection, as they were at {@code seq}. */
    SortedMap<DocumentName, String> documents(Selection selection, long seq) {
        SortedMap<DocumentName, String> documents = new TreeMap<>();
        for (Step step : steps.subList(0, (int) seq)) {
            if (selection.includes(step.name())) {
                step.applyTo(documents);
            }
        }
        return documents;
    }
}
