package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream over HTTP that takes the place of another one, and has more. */
@Timeout(120)
class HttpWatchTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, "tidegate.feed.future-wait = 0 s");
        put("orders", "o-1");
        put("trades", "t-1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void put(String collection, String key) {
        server.publish(Change.put(collection, key, "1")).toCompletableFuture().join();
    }

    private static String id(HttpSocket client) throws Exception {
        return client.await("id: ").substring("id: ".length());
    }

    @Test
    void itGoesOnWhereTheOtherWasAndAddsTheDocumentsOfWhatIsNew() throws Exception {
        String after;
        try (var first = new HttpSocket(server)) {
            first.send("GET /v1/updates?select=orders", "Accept: text/event-stream");
            after = id(first);
        }
        put("orders", "o-2");
        put("trades", "t-2");
        try (var second = new HttpSocket(server)) {
            second.send("GET /v1/follow?after=" + after + "&select=orders&watch=trades", "Accept: text/event-stream");
            assertThat(second.await("data: ")).contains("\"subscribed\"");
            // The update that was missed comes once, before or behind the documents of what is new.
            String seen = "";
            while (!seen.contains("\"watching\"") || !seen.contains("\"o-2\"")) {
                seen += second.await("data: ") + "\n";
            }
            assertThat(seen.split("\"event\":\"document\"", -1)).hasSize(3);
            assertThat(seen).contains("\"t-1\"", "\"t-2\"", "\"documents\":2");
            put("trades", "t-3");
            put("orders", "o-3");

            assertThat(second.await("\"put\"")).contains("\"t-3\"");
            assertThat(second.await("\"put\"")).contains("\"o-3\"");
        }
    }

    @Test
    void anEventSourceThatComesBackGetsWhatIsWatchedAgain() throws Exception {
        String url = "GET /v1/follow?after=" + server.position() + "&select=orders&watch=trades";
        String last;
        try (var first = new HttpSocket(server)) {
            first.send(url, "Accept: text/event-stream");
            first.await("\"t-1\"");
            last = id(first);
            assertThat(first.await("data: ")).contains("\"watching\"");
        }
        server.publish(Change.delete("trades", "t-1")).toCompletableFuture().join();
        try (var second = new HttpSocket(server)) {
            second.send(url, "Accept: text/event-stream", "Last-Event-ID: " + last);

            assertThat(second.await("\"watching\"")).contains("\"documents\":0");
            put("trades", "t-1");
            assertThat(second.await("\"put\"")).contains("\"t-1\"");
        }
    }

    @Test
    void withoutAPositionTheDocumentsOfBothCome() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/follow?select=orders&watch=trades", "Accept: application/x-ndjson");

            client.await("\"o-1\"");
            client.await("\"subscribed\"");
            client.await("\"t-1\"");
            client.await("\"watching\"");
        }
    }
}
