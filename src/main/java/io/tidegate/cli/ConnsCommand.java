package io.tidegate.cli;

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

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @Option(
            names = "--ended",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "20",
            description = "Show the N connections that ended last (${FALLBACK-VALUE} if N is not given).")
    private @Nullable Integer ended;

    @Override
    public Integer call() throws CommandEnd {
        if (ended != null && ended < 1) {
            throw new ParameterException(spec.commandLine(), "--ended is 1 or more, not " + ended);
        }
        Table table;
        try (ServerControl chosen = server.open()) {
            table = ended == null ? ConnectionTables.open(chosen.open()) : ConnectionTables.ended(chosen.ended(ended));
        }
        Output output = tidegate.streams().output();
        for (String line : table.lines()) {
            output.line(line);
        }
        return ExitCode.OK;
    }
}
