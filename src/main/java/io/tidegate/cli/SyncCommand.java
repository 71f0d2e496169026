package io.tidegate.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate sync}. */
@Command(name = "sync", description = "Print the documents as they are now, one event a line.")
final class SyncCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Mixin
    private CollectionChoice collections;

    @Override
    public Integer call() throws CommandEnd {
        var snapshot = new SnapshotCopy(tidegate.streams().output());
        try (LineClient client = server.connect()) {
            client.send("sync" + collections.words());
            snapshot.copy(client.lines());
        } catch (IOException e) {
            throw CommandEnd.failed("connection lost after " + snapshot.documents() + " documents: " + e.getMessage());
        }
        return ExitCode.OK;
    }
}
