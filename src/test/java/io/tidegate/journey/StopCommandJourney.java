package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.server.LineClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator stops a server from the command line: first looks, then changes his mind, then waits for the end. */
@Timeout(600)
class StopCommandJourney {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // the journey starts it
    private ServerProcess server;

    @AfterEach
    void stop() {
        server.close();
    }

    private ServerProcess command(String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("stop", "--pid", String.valueOf(server.pid())));
        words.addAll(List.of(more));
        return ServerCommand.in(directory).run(words.toArray(String[]::new));
    }

    private LineClient follower() throws Exception {
        var client = new LineClient(server.awaitAddress());
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
    }

    @Test
    void aStopIsForetoldCancelledAndDone() throws Exception {
        server = ServerCommand.in(directory)
                .with("drain.announce", "1 h")
                .with("drain.timeout", "10 s")
                .start();
        try (var follower = follower();
                var forecast = command("--dry-run")) {
            forecast.awaitExit();
            assertThat(forecast.log())
                    .containsExactly(
                            "1 connection, 0 lagging, 0 stuck",
                            "a stop takes about 3600.3 s, and 3610.3 s at most until every connection has ended");
            // One after the other: a JVM takes the signal of a second process that attaches to it for the first time at
            // the
            // same moment as an order for a thread dump.
            try (var early = command("--cancel")) {
                assertThat(early.awaitExit().code()).isEqualTo(1);
                assertThat(early.errors())
                        .containsExactly("tidegate: there is nothing to cancel: the server is not draining");
            }

            try (var stopping = command()) {
                server.awaitLog("Stopping: JMX; clients are accepted for 3600 s more");
                try (var cancelling = command("--cancel")) {
                    assertThat(cancelling.awaitExit().code()).isZero();
                    assertThat(cancelling.log()).containsExactly("cancelled: " + server.pid() + " runs on");
                }
                assertThat(stopping.awaitExit().code()).isEqualTo(1);
                assertThat(stopping.errors())
                        .containsExactly("tidegate: the stop was cancelled: process " + server.pid() + " runs on");
            }
            follower.send("put orders o-1 1");
            assertThat(follower.lines(2)).anyMatch(line -> line.contains("accepted"));
            server.requireNothingToLookAt();
        }
    }

    @Test
    void anInterruptAfterACancelledStopIsTheFirstAgain() throws Exception {
        server = ServerCommand.in(directory)
                .with("drain.announce", "1 h")
                .with("drain.timeout", "10 s")
                .start();
        server.awaitAddress();
        server.stop(Trigger.Kind.SIGINT);
        server.awaitLog("Stopping: SIGINT; clients are accepted");
        try (var cancelling = command("--cancel")) {
            assertThat(cancelling.awaitExit().code()).isZero();
        }
        server.awaitLog("Not stopping: cancelled after SIGINT");

        server.stop(Trigger.Kind.SIGINT);
        try (var cancelling = command("--cancel")) {
            assertThat(cancelling.awaitExit().code()).as("%s", cancelling).isZero();
        }
        server.stop(Trigger.Kind.SIGINT);
        server.stop(Trigger.Kind.SIGINT);

        assertThat(server.awaitExit().code()).isEqualTo(130);
        assertThat(server.log())
                .filteredOn(line -> line.contains("Stopping: SIGINT"))
                .hasSize(3);
    }

    @Test
    void aStopThatWaitsForAStragglerShowsHowItGoesOnAndHowItEnded() throws Exception {
        server = ServerCommand.in(directory)
                .withoutHeartbeats()
                .with("drain.timeout", "8 s")
                .with("connection.delivered-linger", "1 h")
                .start();
        // Reads to the end and does not close its side.
        try (var straggler = follower();
                var stopping = command()) {
            assertThat(straggler.rest()).singleElement().asString().contains("goodbye");

            try (var late = command("--cancel")) {
                assertThat(late.awaitExit().code()).isEqualTo(1);
                assertThat(late.errors())
                        .containsExactly("tidegate: the drain cannot be cancelled any more:"
                                + " it is no longer announcing (phase 4/6, connections)");
            }
            assertThat(stopping.awaitExit().code()).isZero();
            assertThat(stopping.errors())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("drain 4/6: 1 open, 1 straggler, \\d s left"));
            assertThat(stopping.log()).hasSize(2).first().asString().startsWith("stopped " + server.pid() + " in ");
            assertThat(stopping.log().get(1))
                    .startsWith("Drained in ")
                    .contains(" after JMX: 0 connections completed, 1 aborted");
            assertThat(server.awaitExit().code()).isEqualTo(3);
            server.requireNothingToLookAt("Drain deadline reached");
            // One when it began to be one; then nothing changed.
            assertThat(server.log())
                    .filteredOn(line -> line.contains("drain 4/6"))
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void aStopThatIsOverAtOnceSaysSoInALineAndLogsNoProgress() throws Exception {
        server = ServerCommand.in(directory).start();
        server.awaitAddress();
        try (var stopping = command()) {
            assertThat(stopping.awaitExit().code()).isZero();

            assertThat(stopping.log()).hasSize(2).last().asString().startsWith("Drained in ");
            assertThat(stopping.errors()).isEmpty();
            assertThat(server.awaitExit().code()).isZero();
            server.requireNothingToLookAt();
            assertThat(server.log()).noneMatch(line -> line.contains("drain "));
        }
    }
}
