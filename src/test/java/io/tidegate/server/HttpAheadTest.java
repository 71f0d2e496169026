package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of HTTP that depend on a position which is still to come. */
@Timeout(120)
class HttpAheadTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, "tidegate.feed.future-wait = 1 m");
        put();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void put() {
        server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
    }

    private Position ahead() {
        return new Position(server.position().epoch(), server.position().seq() + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /v1/documents/c/k", "GET /v1/documents", "HEAD /v1/documents", "HEAD /v1/documents/c/k"})
    void aReadWaitsForIt(String request) throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send(request, "Tidegate-At-Least: " + ahead());
            put();

            assertThat(client.head().status()).isEqualTo(200);
        }
    }

    @Test
    void updatesAfterItWaitForIt() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/updates?after=" + ahead());
            put();

            assertThat(client.head().status()).isEqualTo(200);
            put();
            assertThat(client.await("\"put\"")).contains("\"seq\":3");
        }
    }

    @Test
    void aWriteWhoseConditionIsAheadWaitsForIt() throws Exception {
        String tag = "\"" + ahead() + "\"";
        try (var client = new HttpSocket(server)) {
            client.send("DELETE /v1/documents/c/k", "If-Match: " + tag);
            put();

            assertThat(client.head().status()).isEqualTo(204);
        }
    }
}
