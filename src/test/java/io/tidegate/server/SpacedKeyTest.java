package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key with spaces, or whatever else can be printed, is the same key by every way in and out. */
@Timeout(60)
class SpacedKeyTest {

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        var address = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
        var request = HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", type)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "New York",
                " ",
                "a  b ",
                "50 % off",
                "%41",
                "100%",
                "K\u00f6ln Deutz",
                "\ud83d\ude00 \ud83d\ude00",
                "a/b c",
                "say \"hi\" \\",
                "*",
                "a\u00a0b\u3000c"
            })
    void whatIsPutByLineIsReadOverHttp(String key) throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("put c " + encoded(key) + " 1");
            assertThat(client.line()).contains("accepted");
        }

        String path = "/v1/documents/c/" + encoded(key);
        assertThat(send("GET", path, "application/json", "").body()).isEqualTo("1\n");
        assertThat(send("PUT", path, "application/json", "2").statusCode()).isEqualTo(204);
        assertThat(server.read(new Collection("c"), new Key(key))
                        .toCompletableFuture()
                        .get()
                        .orElseThrow()
                        .value())
                .hasToString("2");
    }

    @Test
    void whatIsPutOverHttpIsFollowedByLine() throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("updates");
            assertThat(client.lines(2).get(0)).contains("subscribed");

            send("PUT", "/v1/documents/c/New%20York", "application/json", "1");
            send(
                    "POST",
                    "/v1/updates",
                    "application/x-ndjson",
                    "{\"collection\":\"c\",\"key\":\"New York\",\"value\":2}");

            assertThat(client.lines(2))
                    .containsExactly(
                            "{\"event\":\"put\",\"seq\":1,\"collection\":\"c\",\"key\":\"New York\",\"value\":1}",
                            "{\"event\":\"put\",\"seq\":2,\"collection\":\"c\",\"key\":\"New York\",\"value\":2}");
        }
    }

    @Test
    void theLongestNamesOfTheLargestCharactersAreStoredAndReadBack() throws Exception {
        String face = "\ud83d\ude00";
        String collection = face.repeat(128);
        String key = face.repeat(512);
        try (var client = TestServer.client(server)) {
            client.send("put " + collection + " " + key + " 1", "sync " + collection);

            assertThat(client.lines(4))
                    .element(2)
                    .isEqualTo("{\"event\":\"document\",\"collection\":\"" + collection + "\",\"key\":\"" + key
                            + "\",\"value\":1}");
        }
        String path = "/v1/documents/" + encoded(collection) + "/" + encoded(key);
        assertThat(send("GET", path, "application/json", "").body()).isEqualTo("1\n");
    }

    @Test
    void noDocumentIsPutWhereHttpClientsDoNotAddressIt() throws Exception {
        HttpResponse<String> bulk = send(
                "POST", "/v1/updates", "application/x-ndjson", "{\"collection\":\"c\",\"key\":\"..\",\"value\":1}");

        assertThat(bulk.statusCode()).isEqualTo(400);
        assertThat(bulk.body()).contains("a key cannot be '..'");
    }
}
