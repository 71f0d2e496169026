package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script with which bash and zsh complete commands and options.",
            "In bash: alias tidegate='java -jar tidegate.jar'; source <(tidegate completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private TidegateCommand tidegate;

    @Override
    public Integer call() throws CommandEnd {
        CommandSpec root = spec.root();
        tidegate.streams().output().line(AutoComplete.bash(root.name(), root.commandLine()));
        return ExitCode.OK;
    }
}
