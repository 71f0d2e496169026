package io.tidegate.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidegate help}. */
@Command(name = "help", hidden = true, description = "Print the help of a command, as its option --help does.")
final class HelpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "The command; without it, all are listed.")
    private @Nullable String name;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        CommandLine command = name == null ? root : root.getSubcommands().get(name);
        if (command == null) {
            throw new ParameterException(root, "there is no command '" + name + "'");
        }
        command.usage(root.getOut());
        return ExitCode.OK;
    }
}
