package io.tidegate.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate restore}. Names no class of the server, like {@link ServeCommand}. */
@Command(
        name = "restore",
        description = "Put a copy of a store in the place of one that no server has open.",
        footer = {
            "",
            "All of the copy is read first, and it stays. The store that was there is set aside, in DIR/aside.",
            "Clients that have seen what the copy does not have start anew; the others go on where they were."
        })
final class RestoreCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ConfigFile configFile;

    @Parameters(paramLabel = "COPY", description = "The directory of the copy.")
    private Path copy = Path.of("");

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "The directory of the store (default: what the settings say).")
    private @Nullable Path store;

    @Override
    public Integer call() throws CommandEnd {
        Output output = tidegate.streams().output();
        for (String line : RestoredStore.restore(copy, store, configFile.path())) {
            output.line(line);
        }
        return ExitCode.OK;
    }
}
