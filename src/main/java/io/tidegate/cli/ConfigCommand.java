package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate config}. Names no class of the server, like {@link ServeCommand}. */
@Command(
        name = "config",
        description = "Print every setting as a server that is started so would use it, and where it comes from.",
        footer = {"", "It checks them as well, like check-config. What is printed may serve as a configuration file."})
final class ConfigCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ConfigFile configFile;

    @Override
    public Integer call() throws CommandEnd {
        tidegate.streams().output().line(String.join("\n", CheckedConfig.settings(configFile.path())));
        return ExitCode.OK;
    }
}
