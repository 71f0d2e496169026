package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes with ids that are sent once more: the answer is that of then, whatever has happened since. */
@Timeout(60)
class SentAgainTest {

    @TempDir
    Path directory;

    private static HttpSocket.Response put(HttpSocket client) throws Exception {
        return client.send(
                        "PUT /v1/documents/a/k",
                        "Content-Type: application/json",
                        "Content-Length: 1",
                        "Idempotency-Key: \"one\"")
                .sendRaw("1")
                .response();
    }

    private static HttpSocket.Response post(HttpSocket client, String lines) throws Exception {
        return client.send(
                        "POST /v1/updates", "Content-Type: application/x-ndjson", "Content-Length: " + lines.length())
                .sendRaw(lines)
                .response();
    }

    @Test
    void afterARestartItHasThePositionThatTheDocumentHas() throws Exception {
        String tag;
        try (Tidegate server = TestServer.start(directory);
                var client = new HttpSocket(server)) {
            HttpSocket.Response first = put(client);
            assertThat(first.status()).isEqualTo(201);
            tag = first.header("ETag");
        }
        try (Tidegate server = TestServer.start(directory);
                var client = new HttpSocket(server)) {
            HttpSocket.Response again = put(client);

            assertThat(again.status()).isEqualTo(204);
            assertThat(again.header("ETag"))
                    .isEqualTo(tag)
                    .isEqualTo(client.send("GET /v1/documents/a/k").response().header("ETag"));
            assertThat(client.send("DELETE /v1/documents/a/k", "If-Match: " + tag)
                            .response()
                            .status())
                    .isEqualTo(204);
            assertThat(put(client).status())
                    .as("the document is gone, and not new again")
                    .isEqualTo(204);
        }
    }

    @Test
    void ofManyThePositionIsThatOfTheLast() throws Exception {
        String old = "{\"collection\":\"a\",\"key\":\"old\",\"value\":1,\"id\":\"old\"}\n";
        try (Tidegate server = TestServer.start(directory);
                var client = new HttpSocket(server)) {
            post(client, old);

            HttpSocket.Response mixed = post(client, "{\"collection\":\"a\",\"key\":\"new\",\"value\":1}\n" + old);

            assertThat(mixed.body())
                    .contains("\"accepted\":2")
                    .contains("\"position\":\"" + server.position().epoch() + ":2\"");
        }
    }
}
