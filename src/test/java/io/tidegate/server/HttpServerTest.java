package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.TestTime;
import io.tidegate.document.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests and responses over HTTP. */
@Timeout(120)
class HttpServerTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final List<HttpSocket> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory);
        publish("orders", "o-1", "{\"q\":1}");
        publish("orders", "o-2", "{\"q\":2}");
        publish("trades", "t-1", "3");
    }

    @AfterEach
    void stop() throws IOException {
        for (HttpSocket client : clients) {
            client.close();
        }
        TestServer.end(time, server);
    }

    private void restart(String settings) throws Exception {
        server.close();
        server = TestServer.start(time, directory, settings);
    }

    private void publish(String collection, String key, String json) {
        server.publish(Change.put(collection, key, json)).toCompletableFuture().join();
    }

    private HttpSocket client() throws IOException {
        var client = new HttpSocket(server);
        clients.add(client);
        return client;
    }

    private static String document(String collection, String key, String value) {
        return "{\"event\":\"document\",\"collection\":\"" + collection + "\",\"key\":\"" + key + "\",\"value\":"
                + value + "}";
    }

    @Test
    void documentsComeALineEachWithTheirPosition() throws Exception {
        var response = client().send("GET /v1/documents").response();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-type")).isEqualTo("application/x-ndjson");
        assertThat(response.header("tidegate-position"))
                .isEqualTo(server.position().toString());
        assertThat(response.body().lines())
                .containsExactly(
                        document("orders", "o-1", "{\"q\":1}"),
                        document("orders", "o-2", "{\"q\":2}"),
                        document("trades", "t-1", "3"));
    }

    @Test
    void documentsComeAsOneJsonArrayIfThatIsLikedBetter() throws Exception {
        var response = client().send("GET /v1/documents?collection=orders", "Accept: application/json")
                .response();

        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.body())
                .isEqualTo("[\n" + document("orders", "o-1", "{\"q\":1}") + ",\n"
                        + document("orders", "o-2", "{\"q\":2}") + "\n]\n");
        assertThat(client().send("GET /v1/documents?collection=none", "Accept: application/json")
                        .response()
                        .body())
                .isEqualTo("[]\n");
        assertThat(client().send("GET /v1/documents", "Accept: application/json;q=0.5, application/*;q=0.9")
                        .response()
                        .header("content-type"))
                .isEqualTo("application/x-ndjson");
    }

    @Test
    void collectionsArePercentEncodedUtf8AndMayBeRepeated() throws Exception {
        publish("größe", "k", "4");

        var response = client().send("GET /v1/documents?collection=gr%C3%B6%C3%9Fe&collection=trades")
                .response();

        assertThat(response.body().lines())
                .containsExactly(document("größe", "k", "4"), document("trades", "t-1", "3"));
    }

    @Test
    void theRestOfALargeSnapshotComesAtTheClientsPace() throws Exception {
        for (int i = 0; i < 64; i++) {
            publish("large", "k" + i, "\"" + "x".repeat(100_000) + "\"");
        }
        var slow = new HttpSocket(server, 4096);
        clients.add(slow);

        var response = slow.send("GET /v1/documents?collection=large", "Connection: close")
                .response();

        assertThat(response.body().lines()).hasSize(64);
        assertThat(slow.rest()).isEmpty();
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        HttpSocket client = client();

        for (int i = 0; i < 3; i++) {
            var response = client.send("GET /v1/documents?collection=trades").response();
            assertThat(response.body()).contains("t-1");
            assertThat(response.closes()).isFalse();
        }
        assertThat(client.send("GET /v1/documents", "Connection: close")
                        .response()
                        .closes())
                .isTrue();
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        HttpSocket client = client();
        client.send("GET /v1/documents?collection=orders")
                .send("GET /nothing")
                .send("GET /v1/documents?collection=trades")
                .send("GET /v1/updates");

        assertThat(client.response().body()).contains("o-2");
        assertThat(client.response().status()).isEqualTo(404);
        assertThat(client.response().body()).contains("t-1");
        assertThat(client.head().header("content-type")).isEqualTo("text/event-stream");
        assertThat(client.await("data: ")).contains("subscribed");
    }

    @Test
    void aClientThatClosedItsSideStillGetsItsAnswer() throws Exception {
        HttpSocket client = client().send("GET /v1/documents").halfClose();

        assertThat(client.response().body()).contains("t-1");
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void headIsGetWithoutItsBody() throws Exception {
        for (String path : List.of("/v1/documents", "/v1/updates", "/v1/follow")) {
            HttpSocket client = client();
            var head = client.send("HEAD " + path).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).isNotEmpty();
            // The next response follows at once.
            assertThat(client.send("OPTIONS " + path).response().status()).isEqualTo(204);
        }
    }

    @Test
    void optionsAndWrongMethodsTellWhatIsAllowed() throws Exception {
        HttpSocket client = client();

        var options = client.send("OPTIONS /v1/documents").response();
        var wrong = client.send("DELETE /v1/documents").response();

        assertThat(options.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(wrong.body()).contains("\"code\":\"method-not-allowed\"");
        assertThat(client.sendRaw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .response()
                        .status())
                .isEqualTo(204);
    }

    @Test
    void mistakesAreProblemsThatSayWhatToDo() throws Exception {
        HttpSocket client = client();
        record Mistake(String request, int status, String code) {}

        for (var mistake : List.of(
                new Mistake("GET /nothing", 404, "not-found"),
                new Mistake("GET /v1/documents/", 404, "not-found"),
                new Mistake("GET /v1/%ff", 400, "invalid-utf8"),
                new Mistake("GET /v1/documents?colection=a", 400, "bad-request"),
                new Mistake("GET /v1/documents?collection=a%20b", 400, "bad-request"),
                new Mistake("GET /v1/updates?after=7", 400, "bad-request"),
                new Mistake("GET /v1/updates?after=a:1&after=a:2", 400, "bad-request"),
                new Mistake("GET /v1/updates?after=old:1", 410, "position-unavailable"))) {
            var response = client.send(mistake.request()).response();
            assertThat(response.status()).as(mistake.request()).isEqualTo(mistake.status());
            assertThat(response.header("content-type")).isEqualTo("application/problem+json");
            assertThat(response.body()).contains("\"code\":\"" + mistake.code() + "\"", "\"type\":\"about:blank\"");
        }
        assertThat(client.send("GET /v1/updates", "Accept: text/html")
                        .response()
                        .status())
                .isEqualTo(406);
        assertThat(client.send("GET /v1/updates", "Last-Event-ID: x").response().status())
                .isEqualTo(400);
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws Exception {
        restart("tidegate.http.idle-timeout = 5 s");
        HttpSocket never = client();
        HttpSocket before = client();
        assertThat(before.send("GET /v1/documents").response().status()).isEqualTo(200);

        time.flowsWhile(() -> {
            assertThat(never.rest()).isEmpty();
            assertThat(before.rest()).isEmpty();
        });
    }

    @Test
    void aHeadThatDoesNotEndIsRefused() throws Exception {
        restart("tidegate.http.head-timeout = 1 s");
        HttpSocket client = client().sendRaw("GET /v1/documents HTTP/1.1\r\n");
        for (int i = 0; i < 30; i++) {
            client.sendRaw("X-" + i + ": y\r\n");
        }

        var response = time.flowsWhile(() -> client.response());

        assertThat(response.status()).isEqualTo(408);
        assertThat(response.closes()).isTrue();
        assertThat(client.rest()).isEmpty();
    }
}
