package io.tidegate.cli;

import io.tidegate.ledger.Verb;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate end}. */
@Command(
        name = "end",
        description = {
            "End connections of a server.",
            "",
            "shutdown sends all that is pending and a goodbye, then FIN; close drops what TCP does not have yet, then"
                    + " sends FIN; abort resets the connection at once.",
            ""
        })
final class EndCommand implements Callable<Integer> {

    /** Which connections. */
    static final class Which {
        @Parameters(paramLabel = "ID", description = "The connection with this number; conns lists them.")
        private @Nullable Long id;

        @Option(names = "--listener", paramLabel = "NAME", description = "All of this listener, for example tcp.")
        private @Nullable String listener;

        @Option(
                names = "--remote",
                paramLabel = "ADDRESS",
                description = "All from this address; one, if it has a port.")
        private @Nullable String remote;

        @Option(
                names = "--identity",
                paramLabel = "NAME",
                description = "All of who has shown this identity, for example desk.")
        private @Nullable String identity;

        private String text() {
            if (id != null) {
                return id.toString();
            }
            if (identity != null) {
                return "identity=" + identity;
            }
            return listener != null ? "listener=" + listener : "remote=" + remote;
        }
    }

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Option(
            names = "--how",
            paramLabel = "HOW",
            defaultValue = "shutdown",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Verb how = Verb.SHUTDOWN;

    @Override
    public Integer call() throws CommandEnd {
        int count;
        try (ServerControl chosen = server.open()) {
            count = chosen.end(how, which.text());
        }
        if (count == 0) {
            throw CommandEnd.failed(
                    which.listener == null
                            ? "no such connection is open"
                            : "no connection of a listener '" + which.listener
                                    + "' is open; listeners are tcp and http");
        }
        tidegate.streams().output().line(how + " of " + count + (count == 1 ? " connection" : " connections"));
        return ExitCode.OK;
    }
}
