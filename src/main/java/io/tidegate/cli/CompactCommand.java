package io.tidegate.cli;

import io.tidegate.document.JsonText;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate compact}. */
@Command(
        name = "compact",
        description = "Have a server write its store anew, without what was overwritten and deleted; wait for it.",
        footer = {"", "The server goes on meanwhile. It does this by itself, bit by bit: few will need it."})
final class CompactCommand implements Callable<Integer> {

    private static final double MEBIBYTE = 1 << 20;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        Map<String, Object> fields;
        try (AdminLink chosen = server.admin()) {
            fields = chosen.compact();
        }
        tidegate.streams()
                .output()
                .line(
                        json
                                ? JsonText.of(fields)
                                : String.format(
                                        Locale.ROOT,
                                        "compacted: %.1f MiB before, %.1f MiB after",
                                        ConnectionTables.number(fields, "bytesBefore") / MEBIBYTE,
                                        ConnectionTables.number(fields, "bytesAfter") / MEBIBYTE));
        return ExitCode.OK;
    }
}
