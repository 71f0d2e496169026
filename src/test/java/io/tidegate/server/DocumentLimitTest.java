package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A document has the same limit by every way in. */
@Timeout(60)
class DocumentLimitTest {

    private static final int LIMIT = 64 << 10;
    private static final String SETTING = "tidegate.feed.max-document-bytes";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, SETTING + " = " + LIMIT + " B");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends a document, and gives the answer. */
    private interface Way {
        String answer(String json) throws Exception;
    }

    private Map<String, Way> ways() {
        return Map.of(
                "a line", this::byLine,
                "a message", this::byMessage,
                "a body", json -> http("PUT /v1/documents/c/k", "application/json", json + "\n"),
                "a chunked body", json -> chunked("PUT /v1/documents/c/k", "application/json", json),
                "a bulk post", json -> http("POST /v1/updates", "application/x-ndjson", event(json)),
                "a bulk post in chunks", json -> chunked("POST /v1/updates", "application/x-ndjson", event(json)));
    }

    private static String event(String json) {
        return "{\"event\":\"put\",\"seq\":1,\"collection\":\"" + "c".repeat(128) + "\",\"key\":\"" + "k".repeat(512)
                + "\",\"value\":" + json + "}\n";
    }

    private String byLine(String json) throws IOException {
        try (var client = TestServer.client(server)) {
            return client.send("put c k " + json).line();
        }
    }

    private String byMessage(String json) {
        var answer = new CompletableFuture<String>();
        var listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
                answer.complete(data.toString());
                return CompletableFuture.completedStage(null);
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                answer.complete(code + " " + reason);
                return CompletableFuture.completedStage(null);
            }
        };
        var address = URI.create("ws://127.0.0.1:" + server.httpAddress().getPort() + "/v1/socket");
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, listener)
                .join();
        socket.request(1);
        var unused = socket.sendText("put c k " + json, true);
        String first = answer.join();
        socket.abort();
        return first;
    }

    private String http(String request, String type, String body) throws IOException {
        try (var client = new HttpSocket(server)) {
            client.send(request, "Content-Type: " + type, "Content-Length: " + body.length());
            return answer(client.sendRaw(body));
        }
    }

    private String chunked(String request, String type, String body) throws IOException {
        try (var client = new HttpSocket(server)) {
            client.send(request, "Content-Type: " + type, "Transfer-Encoding: chunked");
            return answer(client.sendRaw(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n"));
        }
    }

    private static String answer(HttpSocket client) throws IOException {
        var response = client.response();
        return response.status() + " " + response.body();
    }

    private static String document(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }

    @TestFactory
    Stream<DynamicTest> theLargestDocumentIsTakenAndAByteMoreIsRefused() {
        return ways().entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    long before = server.position().seq();
                    assertThat(way.getValue().answer(document(LIMIT))).doesNotContain("\"code\":");
                    assertThat(server.position().seq()).isEqualTo(before + 1);

                    for (int more : new int[] {1, 20_000}) {
                        assertThat(way.getValue().answer(document(LIMIT + more)))
                                .containsAnyOf(SETTING, "tidegate.websocket.max-message-bytes")
                                .containsAnyOf("too-large", "line-too-long", "1009");
                    }
                    assertThat(server.position().seq()).isEqualTo(before + 1);
                }));
    }

    @Test
    void itMayComeInOneChunkHoweverLargeItIs() throws Exception {
        int limit = 3 << 20;
        server.close();
        server = TestServer.start(directory, SETTING + " = " + limit + " B");

        assertThat(put(document(limit))).startsWith("201");
        assertThat(chunked("POST /v1/updates", "application/x-ndjson", event(document(limit))))
                .contains("\"accepted\":1");
        assertThat(put(document(limit + 20_000))).startsWith("413").contains("tidegate.http.max-body-bytes");
    }

    private String put(String json) throws IOException {
        return chunked("PUT /v1/documents/c/k", "application/json", json);
    }

    @Test
    void anEmbeddingProgramHasTheSameLimit() {
        assertThat(server.publish(Change.put("c", "k", document(LIMIT)))
                        .toCompletableFuture()
                        .join()
                        .seq())
                .isEqualTo(1);
        assertThatThrownBy(() -> server.publish(Change.put("c", "k", document(LIMIT + 1)))
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(PublishException.class)
                .hasMessageContaining(SETTING);
    }
}
