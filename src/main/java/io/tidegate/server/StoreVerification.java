package io.tidegate.server;

import io.tidegate.connection.LineEvents;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.StoreCheck;
import io.tidegate.rocksdb.StoreReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is in a store that no server has open, and what is wrong with it. All of it is read, and nothing changed.
 *
 * @param problems a line each: the file or the part of the store, what is wrong, and what to do
 * @param summary one line
 * @param fields the same as names and values: text, numbers, truth values and lists of these
 */
public record StoreVerification(List<String> problems, String summary, Map<String, Object> fields) {

    public StoreVerification {
        problems = List.copyOf(problems);
    }

    /**
     * Reads all of a store.
     *
     * @throws StartException in one line: there is none, or it is in use
     */
    public static StoreVerification of(Path directory) throws StartException {
        try {
            return of(StoreCheck.of(directory, new LineEvents()));
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The same of a copy, which others may read. */
    static StoreVerification ofCopy(Path directory) throws StartException {
        try {
            return of(StoreCheck.ofCopy(directory, new LineEvents()));
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static StoreVerification of(StoreReport report) {
        return new StoreVerification(problems(report), summary(report), fields(report));
    }

    /** Whether it is as it was written, as far as that can be seen. */
    public boolean isWhole() {
        return problems.isEmpty();
    }

    private static List<String> problems(StoreReport report) {
        List<String> lines = new ArrayList<>();
        report.problems().forEach(problem -> lines.add(problem.where() + ": " + problem.what()));
        if (report.moreProblems() > 0) {
            lines.add(String.format("and %,d more", report.moreProblems()));
        }
        return lines;
    }

    private static String summary(StoreReport report) {
        long problems = report.problems().size() + report.moreProblems();
        String range = report.first() == null ? "" : " from " + report.first() + " to " + report.last();
        return String.format(
                "%s: %,d documents, %,d updates%s, %,d epochs; %s",
                report.directory(),
                report.documents(),
                report.updates(),
                range,
                report.epochs(),
                problems == 0 ? "whole" : problems == 1 ? "1 problem" : String.format("%,d problems", problems));
    }

    private static Map<String, Object> fields(StoreReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("store", report.directory().toString());
        fields.put("whole", report.problems().isEmpty());
        putIfThere(fields, "format", report.format());
        fields.put("documents", report.documents());
        fields.put("updates", report.updates());
        putIfThere(fields, "first", report.first());
        putIfThere(fields, "last", report.last());
        fields.put("epochs", report.epochs());
        fields.put(
                "problems",
                report.problems().stream()
                        .map(problem -> Map.of("where", problem.where(), "what", problem.what()))
                        .toList());
        fields.put("moreProblems", report.moreProblems());
        return fields;
    }

    private static void putIfThere(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }
}
