package io.tidegate.cli;

import io.tidegate.document.Position;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate follow}. */
@Command(
        name = "follow",
        description = {
            "Print the documents as they are now, then every change as it comes.",
            "A lost connection is made again, and goes on where it was lost."
        })
final class FollowCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Mixin
    private CollectionChoice collections;

    @Option(
            names = "--after",
            paramLabel = "POSITION",
            description = "Leave the documents out, and begin after this epoch:seq if the server can.")
    private @Nullable Position after;

    @Option(names = "--raw", description = "Print every line as it comes, heartbeats and goodbyes too.")
    private boolean raw;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        var backOff = new BackOff(RandomGenerator.getDefault());
        var reconnection =
                new Reconnection(server::open, pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis()), backOff);
        var view = new FollowView(raw, tidegate.streams());
        new Follower(reconnection, new ResumePoint(after), view, collections.words()).run(server.connect());
        return ExitCode.OK;
    }
}
