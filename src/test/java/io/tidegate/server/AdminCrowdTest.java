package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes get in, however many connections wait for nothing. */
@Timeout(60)
class AdminCrowdTest {

    private static final Duration SPARED = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private static Socket connect(Tidegate server) throws IOException {
        return new Socket(
                server.adminAddress().getAddress(), server.adminAddress().getPort());
    }

    private static String probe(Tidegate server) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** One that was answered and stays: from before its answer came it is idle. */
    private static Socket idle(Tidegate server) throws IOException {
        Socket socket = connect(server);
        socket.getOutputStream()
                .write("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after %s", head).isNotNegative();
            head.append((char) next);
        }
        return socket;
    }

    /** So many that nobody spares any more: one that has just come, or was just answered, is given a moment. */
    private static List<Socket> idle(Tidegate server, int count) throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            idle.add(idle(server));
        }
        long last = System.nanoTime();
        Await.until(() -> System.nanoTime() - last > SPARED.toNanos());
        return idle;
    }

    @Test
    void theConnectionThatWasIdleLongestMakesRoom() throws Exception {
        try (Tidegate server = TestServer.start(directory, "tidegate.admin.max-connections = 3")) {
            List<Socket> idle = idle(server, 3);

            assertThat(probe(server)).startsWith("HTTP/1.1 200 ");

            InputStream first = idle.get(0).getInputStream();
            assertThat(first.readAllBytes()).as("FIN and nothing else").isEmpty();
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void manyProbesGetInOneAfterTheOther() throws Exception {
        try (Tidegate server = TestServer.start(directory, "tidegate.admin.max-connections = 8")) {
            List<Socket> idle = idle(server, 8);

            for (int i = 0; i < 5; i++) {
                assertThat(probe(server)).startsWith("HTTP/1.1 200 ");
            }
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
