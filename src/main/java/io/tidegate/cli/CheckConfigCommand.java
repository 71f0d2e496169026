package io.tidegate.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate check-config}. Names no class of the server, like {@link ServeCommand}. */
@Command(
        name = "check-config",
        description = "Check the server's settings, and the files that they name, without starting it.")
final class CheckConfigCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ConfigFile configFile;

    @Option(
            names = "--show",
            description = "Print all settings as they would be used and where each comes from, instead of ok.")
    private boolean show;

    @Override
    public Integer call() throws CommandEnd {
        List<String> settings = CheckedConfig.settings(configFile.path());
        tidegate.streams().output().line(show ? String.join("\n", settings) : "ok");
        return ExitCode.OK;
    }
}
