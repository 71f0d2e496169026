package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tidegate}: the root of all commands. */
@Command(
        name = "tidegate",
        description = "Live state over TCP, WebSocket and HTTP: keeps documents, and tells followers every change.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = BuildVersion.class,
        usageHelpWidth = 100,
        synopsisSubcommandLabel = "COMMAND")
final class TidegateCommand implements Callable<Integer> {

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    TidegateCommand(Streams streams) {
        this.streams = streams;
    }

    Streams streams() {
        return streams;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
