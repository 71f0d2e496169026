package io.tidegate.cli;

import io.tidegate.document.JsonText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate verify}. Names no class of the server, like {@link ServeCommand}. */
@Command(
        name = "verify",
        description = "Read all of a store that no server has open; tell what is wrong, change nothing.",
        footer = {"", "Exit code: 0 if the store is whole, 1 if it is not, or cannot be read, or a server has it open."
        })
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Parameters(paramLabel = "DIR", description = "The directory of the store.")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "Print one JSON object instead.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        Output output = tidegate.streams().output();
        VerifiedStore store = VerifiedStore.of(directory);
        if (json) {
            output.line(JsonText.of(store.fields()));
        } else {
            for (String line : store.lines()) {
                output.line(line);
            }
        }
        return store.isWhole() ? ExitCode.OK : ExitCode.FAILED;
    }
}
