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

/** An operator looks at the connections of a running server, and ends them one by one, from the command line. */
@Timeout(600)
class OperatorJourney {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // the journey starts it
    private ServerProcess server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void connectionsAreListedEndedAndFoundInTheLedger() throws Exception {
        server = ServerCommand.in(directory).withoutHeartbeats().start();
        try (var first = follower();
                var second = follower();
                var third = follower()) {
            assertThat(tidegate(0, "conns"))
                    .hasSize(4)
                    .first()
                    .asString()
                    .startsWith("ID  PEER")
                    .endsWith("STUCK MS");

            assertThat(tidegate(0, "end", id(first))).containsExactly("shutdown of 1 connection");
            assertThat(first.rest()).singleElement().asString().contains("goodbye");
            first.socket().close();
            assertThat(tidegate(0, "end", id(second), "--how", "close")).containsExactly("close of 1 connection");
            assertThat(second.rest()).isEmpty();
            second.socket().close();
            assertThat(tidegate(0, "end", "--remote", "127.0.0.1", "--how", "abort"))
                    .containsExactly("abort of 1 connection");
            assertThatThrownBy(third::rest).isInstanceOf(SocketException.class);

            assertThat(tidegate(1, "end", "4711")).containsExactly("tidegate: no such connection is open");
            assertThat(tidegate(1, "end", "--remote", "nowhere"))
                    .singleElement()
                    .asString()
                    .contains("not an address");
            List<String> ended = tidegate(0, "conns", "--ended", "10");
            assertThat(ended).hasSize(4);
            assertThat(ended.get(1)).contains(" tcp ", " completed ", " shutdown ");
            assertThat(ended.get(2)).contains(" completed ", " closed ");
            assertThat(ended.get(3)).contains(" aborted ");
            server.stop(Trigger.Kind.SIGTERM);
            assertThat(server.awaitExit().code()).isZero();
            server.requireNothingToLookAt();
        }
    }

    private LineClient follower() throws Exception {
        var client = new LineClient(server.awaitAddress());
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
    }

    /** The number under which the client is listed. */
    private String id(LineClient client) throws Exception {
        return tidegate(0, "conns").stream()
                .filter(line -> line.contains(":" + client.socket().getLocalPort() + " "))
                .map(line -> line.trim().split(" ", 2)[0])
                .findAny()
                .orElseThrow();
    }

    /** Runs a command for this server; what it printed. */
    private List<String> tidegate(int exitCode, String command, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(command, "--pid", String.valueOf(server.pid())));
        words.addAll(List.of(more));
        try (ServerProcess run = ServerCommand.in(directory).run(words.toArray(String[]::new))) {
            assertThat(run.awaitExit().code()).as("exit code of %s", run).isEqualTo(exitCode);
            return exitCode == 0 ? run.log() : run.errors();
        }
    }
}
