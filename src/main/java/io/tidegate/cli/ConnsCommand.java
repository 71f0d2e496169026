package io.tidegate.cli;

import io.tidegate.document.JsonText;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate conns}. */
@Command(name = "conns", description = "List the connections of a server, or how the last ones ended.")
final class ConnsCommand implements Callable<Integer> {

    /** What open connections are sorted by, the largest first. */
    enum Order {
        LAG("lag"),
        AGE("ageMillis"),
        UNSENT("bytesUnsent");

        private final String field;

        Order(String field) {
            this.field = field;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParentCommand
    private TidegateCommand tidegate;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerChoice server;

    @Option(
            names = "--ended",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "20",
            description = "Show the N connections that ended last (${FALLBACK-VALUE} if N is not given).")
    private @Nullable Integer ended;

    @Option(
            names = "--sort",
            paramLabel = "BY",
            description =
                    "Show those first that lag most, are oldest, or have most bytes unsent: ${COMPLETION-CANDIDATES}."
                            + " By default, the oldest first. For open connections only.")
    private @Nullable Order sort;

    @Option(names = "--limit", paramLabel = "N", description = "Show no more than N.")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "Print one JSON object a line, with all there is to tell.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        // Before a server is looked for: what is wrong is wrong with any.
        long most = limit == null ? Long.MAX_VALUE : whole("--limit", limit);
        if (sort != null && ended != null) {
            throw new ParameterException(
                    spec.commandLine(), "--sort is for open connections: --ended has the newest last");
        }
        int last = ended == null ? 0 : whole("--ended", ended);
        List<Map<String, Object>> all;
        try (ServerControl chosen = server.open()) {
            all = ended == null ? chosen.open() : chosen.ended(last);
        }
        List<Map<String, Object>> shown = sorted(all).stream().limit(most).toList();
        Output output = tidegate.streams().output();
        for (String line :
                json ? shown.stream().map(JsonText::of).toList() : table(shown).lines()) {
            output.line(line);
        }
        if (shown.size() < all.size()) {
            tidegate.streams()
                    .notice(String.format(Locale.ROOT, "%,d of %,d connections are shown", shown.size(), all.size()));
        }
        return ExitCode.OK;
    }

    private Table table(List<Map<String, Object>> rows) {
        return ended == null ? ConnectionTables.open(rows) : ConnectionTables.ended(rows);
    }

    /** As the server lists them, if nothing else is wanted. */
    private List<Map<String, Object>> sorted(List<Map<String, Object>> rows) {
        Order wanted = sort;
        return wanted == null
                ? rows
                : rows.stream()
                        .sorted(Comparator.<Map<String, Object>>comparingLong(
                                        row -> ConnectionTables.number(row, wanted.field))
                                .reversed())
                        .toList();
    }

    private int whole(String option, int number) {
        if (number < 1) {
            throw new ParameterException(spec.commandLine(), option + " is 1 or more, not " + number);
        }
        return number;
    }
}
