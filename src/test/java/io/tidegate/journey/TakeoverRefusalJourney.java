package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Takeovers that cannot be: each ends with one line that says why, and the running server is not harmed. */
class TakeoverRefusalJourney {

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private ServerCommand command;
    private Random random;

    @BeforeEach
    void chooseThePort() throws Exception {
        random = seed.random();
        command = ServerCommand.in(directory.resolve("data"))
                .with("tcp.port", ServerCommand.stablePort(random))
                .with("http.port", ServerCommand.stablePort(random))
                .with("tcp.reuse-port", "on");
    }

    @Test
    void thereIsNoServer() throws Exception {
        requireRefused(command, "no server of this user runs here on the store", "without --takeover");
    }

    @Test
    void thisOneDoesNotShareItsPort() throws Exception {
        requireRefused(command.with("tcp.reuse-port", "off"), "tidegate.tcp.reuse-port = on");
    }

    @Test
    void theRunningOneDoesNotShareItsPort() throws Exception {
        try (ServerProcess running = command.with("tcp.reuse-port", "off").start()) {
            running.awaitAddress();

            requireRefused(command, "process " + running.pid(), "runs with tidegate.tcp.reuse-port = off");
            requireServing(running);
        }
    }

    @Test
    void theRunningOneListensElsewhere() throws Exception {
        try (ServerProcess running = command.start()) {
            running.awaitAddress();

            requireRefused(
                    command.with("tcp.port", ServerCommand.stablePort(random)),
                    "it listens on 127.0.0.1:" + running.awaitAddress().getPort());
            requireServing(running);
        }
    }

    @Test
    void clientsGetFinWhenTheStoreIsNotHandedOverInTime() throws Exception {
        try (ServerProcess running = command.with("drain.timeout", "30 s")
                        .with("connection.delivered-linger", "1 h")
                        .start();
                var straggler = new ClientSocket(running.awaitAddress())) {
            straggler.send("ping\n");
            straggler.read();
            try (ServerProcess next = command.with("takeover.timeout", "4 s").run("serve", "--takeover")) {
                running.awaitLog("Stopping: takeover");
                try (var waiting = new ClientSocket(running.awaitAddress())) {
                    waiting.send("ping\n");

                    assertThat(waiting.read()).isNull();
                    assertThat(waiting.end()).isEqualTo(ClientSocket.End.FIN);
                }
                requireFailed(next, "process " + running.pid(), "still in use", "tidegate.takeover.timeout");
            }
            straggler.halfClose();
            assertThat(running.awaitExit().code())
                    .as("exit code of %s", running)
                    .isZero();
        }
    }

    private static void requireServing(ServerProcess server) throws Exception {
        try (var client = new ClientSocket(server.awaitAddress())) {
            client.send("ping\n");
            assertThat(client.read().kind()).isEqualTo("pong");
        }
    }

    private static void requireRefused(ServerCommand command, String... named) throws Exception {
        try (ServerProcess next = command.run("serve", "--takeover")) {
            requireFailed(next, named);
        }
    }

    private static void requireFailed(ServerProcess next, String... named) throws Exception {
        assertThat(next.awaitExit().code()).as("exit code of %s", next).isEqualTo(1);
        assertThat(next.errors()).singleElement().asString().contains(named);
        assertThat(next.log()).noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
    }
}
