package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Followers by TCP, server-sent events and WebSocket, publishers by TCP, WebSocket and HTTP, all at once, and a stop under their
 * load: each gets everything, its goodbye in the way of its transport, and FIN.
 */
@Timeout(600)
class MixedTransportsJourney {

    private static final int FOLLOWERS_OF_EACH = 10;
    private static final int CHANGES = 2_000;
    private static final int PER_SECOND = 400;

    private static final Pattern REPORT = Pattern.compile(
            "Drained in \\S+ s after SIGTERM: ([\\d,]+) connections completed, ([\\d,]+) aborted,.* last position \\S+:(\\d+)");

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final History history = new History();
    private final List<Follower> followers = new ArrayList<>();

    @Test
    void aStopLosesNothingOnAnyTransport() throws Exception {
        ServerCommand command = ServerCommand.in(directory).with("drain.timeout", "20 s");
        try (ServerProcess server = command.start()) {
            InetSocketAddress tcp = server.awaitAddress();
            InetSocketAddress http = server.awaitHttpAddress();
            followOnAll(tcp, http);
            Publisher lines = Publisher.paced("lines", history, Change.changing("lines", "orders"), PER_SECOND)
                    .connect(tcp);
            Publisher messages = Publisher.paced("messages", history, Change.changing("messages", "orders"), PER_SECOND)
                    .over(Wire::webSocket)
                    .connect(http);
            HttpPublisher requests =
                    HttpPublisher.start("requests", history, Change.changing("requests", "quakes"), http);
            history.awaitAcknowledgements(CHANGES / 2);
            comeBack(http);
            history.awaitAcknowledgements(CHANGES);
            requests.awaitFirst();

            server.stop(Trigger.Kind.SIGTERM);

            assertThat(server.awaitExit().code()).as("exit code of %s", server).isZero();
            Matcher report = server.await(REPORT);
            assertThat(report.group(2)).as("aborted").isEqualTo("0");
            long finalSeq = Long.parseLong(report.group(3));
            assertThat(requests.awaitEnd()).as("changes by requests").isPositive();
            lines.requireDrained(finalSeq);
            messages.requireDrained(finalSeq);
            for (Follower follower : followers) {
                follower.requireComplete("shutdown", finalSeq);
            }
            history.verify(finalSeq);
            assertThat(followers.stream().filter(follower -> follower.closeCode() == 1001))
                    .as("WebSockets that were closed with 1001")
                    .hasSize(FOLLOWERS_OF_EACH);
        } finally {
            for (Follower follower : followers) {
                follower.close();
            }
        }
    }

    private void followOnAll(InetSocketAddress tcp, InetSocketAddress http) throws Exception {
        for (int i = 0; i < FOLLOWERS_OF_EACH; i++) {
            follow("tcp " + i, i, Wire::tcp, tcp);
            follow("sse " + i, i, Wire::serverSentEvents, http);
            follow("websocket " + i, i, Wire::webSocket, http);
        }
        for (Follower follower : followers) {
            follower.awaitSubscribed();
        }
    }

    /** Some follow one collection, some get a snapshot first. */
    private void follow(String name, int number, Supplier<Wire> transport, InetSocketAddress server) throws Exception {
        String verb = number % 2 == 0 ? "updates" : "follow";
        String[] collections = number % 3 == 0 ? new String[] {"orders"} : new String[0];
        followers.add(
                Follower.of(name, history, verb, collections).over(transport).connect(server));
    }

    /** Followers by server-sent events lose their connection, and resume by {@code Last-Event-ID}. */
    private void comeBack(InetSocketAddress http) throws Exception {
        for (int i = 1; i < followers.size(); i += 6) {
            Follower follower = followers.get(i);
            follower.leave();
            follower.awaitEnd();
            follower.connect(http);
            follower.awaitSubscribed();
        }
    }
}
