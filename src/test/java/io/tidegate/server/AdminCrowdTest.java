package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes get in, however many connections wait for nothing. */
@Timeout(60)
class AdminCrowdTest {

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

    private static boolean getsIn(Tidegate server) {
        try {
            return probe(server).startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theConnectionThatWasIdleLongestMakesRoom() throws Exception {
        try (Tidegate server = TestServer.start(directory, "tidegate.admin.max-connections = 3")) {
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                idle.add(connect(server));
            }

            // One that has just come is given a moment to say what it wants.
            Await.until(() -> getsIn(server));

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
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                idle.add(connect(server));
            }
            Await.until(() -> getsIn(server));

            for (int i = 0; i < 5; i++) {
                assertThat(probe(server)).startsWith("HTTP/1.1 200 ");
            }
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
