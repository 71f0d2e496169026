package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate token}. */
@Command(
        name = "token",
        description = "Make, list and revoke the tokens by which clients say who they are.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TokenNewCommand.class, TokenListCommand.class, TokenRevokeCommand.class})
final class TokenCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Spec
    private CommandSpec spec;

    Streams streams() {
        return tidegate.streams();
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: new, list or revoke");
    }
}
