package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidegate serve}. Names no class of the server, or every command would load them: see {@link ServerRun}. */
@Command(
        name = "serve",
        description = "Start the server, and run it until SIGINT, SIGTERM or 'tidegate stop'.",
        footer = {
            "",
            "Exit code: 0 if every connection ended in good order, 1 if the server did not start,",
            "3 if connections outlived the drain's deadline, 130 if a second SIGINT cut the drain short."
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private ConfigFile configFile;

    @Option(names = "--log-json", description = "Log one JSON object a line instead of text.")
    private boolean logJson;

    @Option(
            names = "--takeover",
            description =
                    "Take the place of the server that runs here on the same port and data: clients that come wait"
                            + " until it is drained and has handed its data over. Both need tidegate.tcp.reuse-port = on.")
    private boolean takeover;

    @Override
    public Integer call() throws CommandEnd {
        return ServerRun.run(configFile.path(), logJson, takeover);
    }
}
