package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a store that is restarted, and of one that is put back from a copy. */
@Timeout(60)
class PutBackStoreTest {

    private static final String DOCUMENT = "/v1/documents/orders/o-1";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private static Position publish(Tidegate server, int count) {
        Position last = server.position();
        for (int i = 0; i < count; i++) {
            last = server.publish(Change.put("orders", "o-" + (last.seq() + 1), "1"))
                    .toCompletableFuture()
                    .join();
        }
        return last;
    }

    private Position publish(int count) throws Exception {
        try (var server = TestServer.start(directory)) {
            return publish(server, count);
        }
    }

    private static void copyStore(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** What the server begins its answer with. */
    private static List<String> asked(Tidegate server, int lines, String request) throws IOException {
        try (var follower = TestServer.client(server)) {
            return follower.send(request).lines(lines);
        }
    }

    private HttpResponse<Stream<String>> events(Tidegate server, String path, String lastEventId) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, path))
                        .headers("Accept", "text/event-stream", "Last-Event-ID", lastEventId)
                        .build(),
                BodyHandlers.ofLines());
    }

    private HttpResponse<Void> asked(Tidegate server, String target) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, target))
                        .header("Accept", "application/x-ndjson")
                        .build(),
                BodyHandlers.discarding());
    }

    private static URI uri(Tidegate server, String path) {
        return URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
    }

    private HttpResponse<String> put(Tidegate server, String... headers) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, DOCUMENT))
                        .headers(headers)
                        .PUT(BodyPublishers.ofString("2"))
                        .build(),
                BodyHandlers.ofString());
    }

    private String tag(Tidegate server) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(server, DOCUMENT)).build(), BodyHandlers.ofString())
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    @Test
    void afterARestartTheyGoOnWhereTheyWereAndCountFromTheNewEpoch() throws Exception {
        Position before = publish(5);

        try (var server = TestServer.start(directory)) {
            Position now = publish(server, 2);
            List<String> lines = asked(server, 3, "follow after " + before);

            assertThat(now.epoch()).isNotEqualTo(before.epoch());
            assertThat(lines.get(0))
                    .isEqualTo("{\"event\":\"subscribed\",\"epoch\":\"" + now.epoch() + "\",\"seq\":5}");
            assertThat(lines.get(1)).contains("\"put\",\"seq\":6");
            assertThat(lines.get(2)).contains("\"put\",\"seq\":7");
        }
        try (var server = TestServer.start(directory)) {
            assertThat(asked(server, 1, "updates after " + before).get(0)).contains("subscribed", "\"seq\":5}");
        }
    }

    @Test
    void afterARestartAnEventSourceGoesOnWhereItWas() throws Exception {
        Position before = publish(5);

        try (var server = TestServer.start(directory)) {
            Position now = publish(server, 2);
            try (Stream<String> lines =
                    events(server, "/v1/follow", before.toString()).body()) {
                assertThat(lines.filter(line -> line.startsWith("id: ")).limit(3))
                        .containsExactly(
                                "id: " + now.epoch() + ":5", "id: " + now.epoch() + ":6", "id: " + now.epoch() + ":7");
            }
        }
    }

    @Test
    void whoSawMoreThanACopyThatIsPutBackStartsAnew() throws Exception {
        Position copied = publish(5);
        Path data = directory.resolve("data");
        copyStore(data, directory.resolve("copy"));
        Position lost = publish(5);
        copyStore(directory.resolve("copy"), data);

        try (var server = TestServer.start(directory)) {
            publish(server, 8);

            assertThat(asked(server, 1, "follow after " + lost).get(0)).contains("resync");
            assertThat(asked(server, 1, "updates after " + lost).get(0)).contains("position-unavailable");
            assertThat(asked(server, 2, "follow after " + copied).get(1)).contains("\"put\",\"seq\":6");
            try (Stream<String> lines =
                    events(server, "/v1/follow", lost.toString()).body()) {
                assertThat(lines.filter(line -> line.startsWith("data: ")).findFirst())
                        .hasValueSatisfying(line -> assertThat(line).contains("resync"));
            }
            try (Stream<String> lines =
                    events(server, "/v1/updates", lost.toString()).body()) {
                assertThat(lines.filter(line -> line.startsWith("data: ")).findFirst())
                        .hasValueSatisfying(line -> assertThat(line).contains("position-unavailable"));
            }
            assertThat(asked(server, "/v1/updates?after=" + lost).statusCode()).isEqualTo(410);
        }
    }

    @Test
    void aPositionThatIsNotThereYetIsNotWaitedForForEver() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.feed.future-wait = 100 ms")) {
            var ahead = new Position(publish(server, 2).epoch(), 99);

            assertThat(asked(server, 1, "follow after " + ahead).get(0)).contains("resync");
            assertThat(asked(server, 1, "updates after " + ahead).get(0)).contains("position-unavailable");
        }
    }

    @Test
    void entityTagsOutliveARestartAndAreNoOtherHistorys() throws Exception {
        String first;
        try (var server = TestServer.start(directory)) {
            put(server, "Content-Type", "application/json");
            first = tag(server);
        }
        copyStore(directory.resolve("data"), directory.resolve("copy"));
        String lost;
        try (var server = TestServer.start(directory)) {
            assertThat(tag(server)).isEqualTo(first);
            assertThat(put(server, "Content-Type", "application/json", "If-Match", first)
                            .statusCode())
                    .isEqualTo(204);
            lost = tag(server);
        }
        copyStore(directory.resolve("copy"), directory.resolve("data"));

        try (var server = TestServer.start(directory)) {
            assertThat(put(server, "Content-Type", "application/json", "If-Match", first)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(tag(server)).isNotEqualTo(lost);
            assertThat(put(server, "Content-Type", "application/json", "If-Match", lost)
                            .statusCode())
                    .isEqualTo(412);
        }
    }
}
