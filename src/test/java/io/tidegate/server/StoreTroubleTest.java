package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients, operators and supervisors are told when the store does not do what it should. */
@Timeout(60)
class StoreTroubleTest {

    private static final int DOCUMENTS = 400;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    // ---- writes that fail

    @Test
    void aServerWhoseWritesFailIsNotReadyUntilTheyWorkAgain() throws Exception {
        var feedLog = new MemoryFeedLog();
        Config config = ServerConfig.complete(TestServer.config(directory));
        try (var server = Startup.start(config, ServerSettings.from(config), directory -> feedLog);
                var publisher = TestServer.client(server)) {
            AdminClient admin = AdminClient.of(server);
            feedLog.failAppends(new FeedLogException("the disk is full"));
            assertThat(publisher.send("put orders o-1 1").line()).contains("store-failed");

            for (int i = 0; i < 3; i++) {
                AdminClient.Answer answer = admin.get("/readyz");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).contains("store-failed", "changes are refused: the disk is full");
            }
            assertThat(admin.get("/livez").status()).isEqualTo(200);

            // Nobody publishes: to ask is what finds out.
            feedLog.failAppends(null);
            Await.until(() -> admin.get("/readyz").status() == 200);
            assertThat(publisher.send("put orders o-1 1").line()).contains("accepted");
        }
    }

    @Test
    void aServerWhoseDirectoryIsGoneIsNotReadyThoughNobodyWrites() throws Exception {
        try (var server = TestServer.start(directory)) {
            AdminClient admin = AdminClient.of(server);
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
            Path away = Files.move(directory.resolve("data"), directory.resolve("away"));

            Await.until(() -> admin.get("/readyz").status() != 200);
            assertThat(admin.get("/readyz").body()).contains("it was moved or deleted");

            Files.move(away, directory.resolve("data"));
            Await.until(() -> admin.get("/readyz").status() == 200);
            server.publish(Change.put("orders", "o-1", "1"))
                    .toCompletableFuture()
                    .join();
        }
    }

    // ---- reads that come upon damage

    private void damageADocumentTable() throws Exception {
        try (var server = TestServer.start(directory)) {
            for (int i = 0; i < DOCUMENTS; i++) {
                var unused = server.publish(Change.put("orders", "o-" + i, "\"" + "x".repeat(i) + i + "\""));
            }
        }
        // The next start writes them to tables.
        TestServer.start(directory).close();
        try (Stream<Path> files = Files.list(directory.resolve("data"))) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".sst")).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (content.contains("orders") && !content.contains("event") && !content.contains("changes")) {
                    flip(file, 200);
                }
            }
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            int before = access.read();
            access.seek(at);
            access.write(before ^ 0x10);
        }
    }

    private HttpResponse<String> send(Tidegate server, String method, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path))
                .headers("Content-Type", "application/json")
                .method(method, method.equals("PUT") ? BodyPublishers.ofString("1") : BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void whoComesUponDamageIsToldThatToTryAgainDoesNotHelp() throws Exception {
        damageADocumentTable();
        try (var server = TestServer.start(directory);
                var line = TestServer.client(server)) {
            String told = line.send("sync orders").line();
            HttpResponse<String> read = send(server, "GET", "/v1/documents/orders/o-0");
            HttpResponse<String> all = send(server, "GET", "/v1/documents");
            HttpResponse<String> conditional = send(server, "PUT", "/v1/documents/orders/o-0", "If-Match", "*");

            assertThat(told).contains("\"store-damaged\"", "to try again does not help");
            for (HttpResponse<String> answer : List.of(read, all, conditional)) {
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("\"store-damaged\"", "to try again does not help");
                assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
            }
            assertThat(server.metrics().toCompletableFuture().join())
                    .containsPattern("tidegate_store_corruptions_total [1-9]");
        }
    }
}
