package io.tidegate.cli;

import io.tidegate.document.JsonText;
import io.tidegate.server.StoreCopies;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate backup}. */
@Command(
        name = "backup",
        description = "Copy the store of a server that runs, as it is at one moment.",
        footer = {"", "The copy is a store: 'verify' reads all of it, and 'restore' puts it back."})
final class BackupCommand implements Callable<Integer> {

    private static final double MEBIBYTE = 1 << 20;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @Parameters(paramLabel = "DIR", description = "Where the copy goes: a directory that is empty, or not there yet.")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        StoreCopies.Backup backup;
        try (AdminLink chosen = server.admin()) {
            backup = chosen.backUp(directory);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("directory", directory.toAbsolutePath().normalize().toString());
        fields.put("position", backup.position().toString());
        fields.put("bytes", backup.bytes());
        tidegate.streams()
                .output()
                .line(
                        json
                                ? JsonText.of(fields)
                                : String.format(
                                        Locale.ROOT,
                                        "backed up to %s: all up to %s, %.1f MiB",
                                        fields.get("directory"),
                                        backup.position(),
                                        backup.bytes() / MEBIBYTE));
        return ExitCode.OK;
    }
}
