package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.server.LineClient;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator on another machine, who has the address of the admin listener and nothing else. */
@Timeout(600)
class AdminJourney {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // the journey starts it
    private ServerProcess server;

    @AfterEach
    void stop() {
        server.close();
    }

    private String address() throws Exception {
        return "http://127.0.0.1:" + server.awaitAdminAddress().getPort();
    }

    private LineClient follower() throws Exception {
        var client = new LineClient(server.awaitAddress());
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
    }

    private ServerProcess command(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--admin", address()));
        return ServerCommand.in(directory).run(line.toArray(String[]::new));
    }

    private List<String> done(String... words) throws Exception {
        try (ServerProcess run = command(words)) {
            assertThat(run.awaitExit().code()).as("exit code of %s", run).isZero();
            return run.log();
        }
    }

    private List<String> failed(String... words) throws Exception {
        try (ServerProcess run = command(words)) {
            assertThat(run.awaitExit().code()).as("exit code of %s", run).isEqualTo(1);
            return run.errors();
        }
    }

    @Test
    void connectionsAreSeenAndEndedAndAStopIsTakenBack() throws Exception {
        server = ServerCommand.in(directory)
                .withoutHeartbeats()
                .with("drain.announce", "1 h")
                .start();
        try (var first = follower();
                var second = follower()) {
            assertThat(done("conns"))
                    .hasSize(3)
                    .first()
                    .asString()
                    .startsWith("ID  PEER")
                    .endsWith("STUCK MS");
            assertThat(done("end", "1")).containsExactly("shutdown of 1 connection");
            assertThat(first.rest()).singleElement().asString().contains("goodbye");
            first.socket().close();
            assertThat(done("end", "--remote", "127.0.0.1", "--how", "abort")).containsExactly("abort of 1 connection");
            assertThatThrownBy(second::rest).isInstanceOf(SocketException.class);
            assertThat(failed("end", "4711")).containsExactly("tidegate: no such connection is open");
            assertThat(failed("end", "--remote", "nowhere"))
                    .singleElement()
                    .asString()
                    .contains("not an address");
            assertThat(done("conns", "--ended"))
                    .hasSize(3)
                    .anyMatch(line -> line.contains(" shutdown "))
                    .anyMatch(line -> line.contains(" aborted "));
        }
        assertThat(done("stop", "--dry-run")).first().isEqualTo("0 connections, 0 lagging, 0 stuck");
        assertThat(failed("stop", "--cancel"))
                .containsExactly("tidegate: there is nothing to cancel: the server is not draining");
        try (var stopping = command("stop")) {
            server.awaitLog("Stopping: admin; clients are accepted for 3600 s more");
            assertThat(done("stop", "--cancel")).containsExactly("cancelled: " + address() + " runs on");
            assertThat(stopping.awaitExit().code()).isEqualTo(1);
            assertThat(stopping.errors())
                    .containsExactly("tidegate: the stop was cancelled: the server at " + address() + " runs on");
        }
        server.requireNothingToLookAt();
    }

    @Test
    void aStopShowsHowItGoesOnAndHowItEnded() throws Exception {
        server = ServerCommand.in(directory)
                .withoutHeartbeats()
                .with("drain.timeout", "8 s")
                .with("connection.delivered-linger", "1 h")
                .start();
        // Reads to the end and does not close its side.
        try (var straggler = follower();
                var stopping = command("stop")) {
            assertThat(straggler.rest()).singleElement().asString().contains("goodbye");

            assertThat(failed("stop", "--cancel"))
                    .containsExactly("tidegate: the drain cannot be cancelled any more:"
                            + " it is no longer announcing (phase 4/6, connections)");
            assertThat(stopping.awaitExit().code()).isZero();
            assertThat(stopping.errors())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("drain 4/6: 1 open, 1 straggler, \\d s left"));
            assertThat(stopping.log()).hasSize(2).first().asString().startsWith("stopped " + address() + " in ");
            assertThat(stopping.log().get(1))
                    .startsWith("Drained in ")
                    .contains(" after admin: 0 connections completed, 1 aborted");
        }
        assertThat(server.awaitExit().code()).isEqualTo(3);
        server.requireNothingToLookAt("Drain deadline reached");
    }
}
