package io.tidegate.server;

import io.tidegate.document.Change;
import io.tidegate.server.SecureClients.Connected;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS and wants tokens, and sockets of its clients, which are closed with it. */
abstract class SecureFixture {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // started before each test
    SecureClients clients;

    @SuppressWarnings("NullAway.Init")
    Tidegate server;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        clients = new SecureClients(directory);
        String settings = clients.settings();
        server = start(settings);
    }

    /** @param secure of the files that it needs */
    abstract Tidegate start(String secure) throws Exception;

    @AfterEach
    void stopServer() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        server.force("test over");
        server.close();
    }

    Connected tcp(String version) throws IOException {
        return connect(server.tcpAddress(), version);
    }

    Connected http(String version) throws IOException {
        return connect(server.httpAddress(), version);
    }

    private Connected connect(InetSocketAddress address, String version) throws IOException {
        Connected connected = SecureClients.connect(address, version);
        sockets.add(connected.socket());
        return connected;
    }

    static void awaitLine(LineClient client, String text) throws IOException {
        String line = client.line();
        while (!line.contains(text)) {
            line = client.line();
        }
    }

    void put(String key) {
        var unused =
                server.publish(Change.put("a", key, "1")).toCompletableFuture().join();
    }
}
