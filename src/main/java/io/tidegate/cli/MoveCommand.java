package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate move}. Names no class of the server, like {@link ServeCommand}. */
@Command(
        name = "move",
        description = "Move the feed of a store to a log that many nodes share, or back.",
        footer = {
            "",
            "The settings name the store, which no server has open, and the log: store.directory, feed.order, …",
            "The log has to be empty. On the way back the store has to have read all of it, and the other",
            "nodes take no change any more. Numbers go on, and clients at the positions that they have."
        })
final class MoveCommand implements Callable<Integer> {

    /** Where the feed goes. */
    enum To {
        /** To the log, for many nodes. */
        log,
        /** To the store, for one server. */
        store
    }

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ConfigFile configFile;

    @Parameters(paramLabel = "log|store", description = "Where the feed goes: ${COMPLETION-CANDIDATES}.")
    private To to = To.log;

    @Override
    public Integer call() throws CommandEnd {
        tidegate.streams().output().line(MovedStore.move(configFile.path(), to == To.log));
        return ExitCode.OK;
    }
}
