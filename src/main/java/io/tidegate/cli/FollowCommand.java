package io.tidegate.cli;

import io.tidegate.client.FollowRequest;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import io.tidegate.client.ResumePoint;
import io.tidegate.document.Position;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
    private SelectorChoice selectors;

    /** Where to begin; without either, with the documents. */
    private static final class Start {
        @Option(
                names = "--after",
                paramLabel = "POSITION",
                description = "Leave the documents out, and begin after this epoch:seq if the server can.")
        private @Nullable Position after;

        @Option(names = "--new", description = "Leave the documents out, and begin with what changes from now on.")
        private boolean onlyNew;
    }

    @ArgGroup
    private @Nullable Start start;

    @Option(
            names = "--latest",
            description =
                    "If it is too slow, or was away, print each document that changed once, as it is now, and not every step.")
    private boolean latest;

    @Option(names = "--raw", description = "Print every line as it comes, heartbeats and goodbyes too.")
    private boolean raw;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        Follower follower = follower();
        LineClient first = server.connect();
        Interruption interruption = Interruption.does(follower::leave);
        try {
            follower.run(first);
        } finally {
            interruption.over();
        }
        return ExitCode.OK;
    }

    private Follower follower() {
        Reconnection reconnection = server.reconnection();
        var resumePoint = new ResumePoint(start == null ? null : start.after);
        var request = new FollowRequest(start != null && start.onlyNew, latest, selectors.words());
        return new Follower(reconnection, resumePoint, new FollowView(raw, tidegate.streams()), request);
    }
}
