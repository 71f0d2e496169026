package io.tidegate.cli;

import io.tidegate.document.JsonText;
import io.tidegate.document.Visible;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate collections}. */
@Command(
        name = "collections",
        description = "List the collections of a server, with how many documents each has, and their bytes.",
        footer = {"", "All documents are read for it."})
final class CollectionsCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        List<Map<String, Object>> collections;
        try (AdminLink chosen = server.admin()) {
            collections = chosen.collections();
        }
        Output output = tidegate.streams().output();
        for (String line : json
                ? collections.stream().map(JsonText::of).toList()
                : table(collections).lines()) {
            output.line(line);
        }
        return ExitCode.OK;
    }

    private static Table table(List<Map<String, Object>> collections) {
        var table = new Table("COLLECTION", "DOCUMENTS", "BYTES");
        for (Map<String, Object> each : collections) {
            table.row(
                    Visible.of(ConnectionTables.text(each, "collection")),
                    ConnectionTables.text(each, "documents"),
                    ConnectionTables.text(each, "bytes"));
        }
        return table;
    }
}
