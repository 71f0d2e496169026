package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** More clients than the server's process may have sockets. */
@Timeout(600)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "ulimit sets how many descriptors the server may have")
class DescriptorJourney {

    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final Duration RESTING = Duration.ofSeconds(1);
    private static final int LOOKS = 5;

    private static final int READ_TIMEOUT_MILLIS = 60_000;

    @TempDir
    Path directory;

    private ServerCommand command(int descriptors) {
        return ServerCommand.in(directory.resolve("data")).withDescriptors(descriptors);
    }

    @Test
    void theCapThatFollowsFromTheLimitLeavesTheStoreItsFiles() throws Exception {
        try (ServerProcess server = command(1024).start()) {
            InetSocketAddress address = server.awaitAddress();
            List<Socket> crowd = connect(address, 900);
            try {
                server.awaitLog("There are 341 connections, which is tidegate.connection.max-connections");

                assertThat(ask(crowd.get(0), "put a k 1")).contains("accepted");
            } finally {
                closeAll(crowd);
            }
            requireCleanStop(server, "more are refused", "connections refused");
        }
    }

    @Test
    void withoutDescriptorsItWaitsQuietlyAndAcceptsAgainByItself() throws Exception {
        try (ServerProcess server =
                command(256).with("connection.max-connections", 10_000).start()) {
            InetSocketAddress address = server.awaitAddress();
            List<Socket> crowd = connect(address, 400);
            try {
                server.awaitLog("No descriptor is left");

                assertThat(ask(crowd.get(0), "ping")).contains("pong");
                requireThatItRests(server);
                assertThat(server.log())
                        .filteredOn(line -> line.contains("descriptor"))
                        .hasSize(1);
            } finally {
                closeAll(crowd);
            }
            try (Socket later = connect(address)) {
                assertThat(ask(later, "ping")).contains("pong");
            }
            requireCleanStop(server, "No descriptor is left", "no descriptor was left");
        }
    }

    /** One that spins never does; one that was started a moment ago has its code compiled first. */
    private static void requireThatItRests(ServerProcess server) throws InterruptedException {
        Duration used = cpuTimeIn(server, LOOK);
        for (int look = 1; look < LOOKS && used.compareTo(RESTING) >= 0; look++) {
            used = cpuTimeIn(server, LOOK);
        }
        assertThat(used).isLessThan(RESTING);
    }

    /** Waits for that long: a server that spins uses it up. */
    private static Duration cpuTimeIn(ServerProcess server, Duration time) throws InterruptedException {
        Duration before = server.cpuTime();
        Thread.sleep(time.toMillis());
        return server.cpuTime().minus(before);
    }

    private static void requireCleanStop(ServerProcess server, String... expected) throws Exception {
        server.stop(Trigger.Kind.SIGTERM);
        assertThat(server.awaitExit().code()).as("exit code of %s", server).isZero();
        server.requireNothingToLookAt(expected);
    }

    private static List<Socket> connect(InetSocketAddress address, int clients) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            sockets.add(connect(address));
        }
        return sockets;
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        socket.connect(address, READ_TIMEOUT_MILLIS);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        return String.valueOf(reader.readLine());
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
