package io.tidegate.cli;

import io.tidegate.client.LineClient;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.net.ProtocolException;
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
    private SelectorChoice selectors;

    @Override
    public Integer call() throws CommandEnd {
        var snapshot = new SnapshotCopy(tidegate.streams().output());
        String request = "sync" + selectors.words();
        try (LineClient client = server.connect()) {
            client.send(request);
            snapshot.copy(client.lines());
        } catch (ProtocolException e) {
            throw CommandEnd.failed(Reason.of(e));
        } catch (IOException e) {
            throw CommandEnd.failed("connection lost after " + snapshot.progress() + ": " + Reason.of(e));
        }
        return ExitCode.OK;
    }
}
