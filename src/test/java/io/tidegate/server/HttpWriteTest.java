package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single documents and many changes over HTTP, by the JDK's client. */
@Timeout(120)
class HttpWriteTest {

    private static final String DOCUMENT = "/v1/documents/orders/o-17";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(
                directory,
                "tidegate.http.max-body-bytes = 4 KiB",
                "tidegate.http.allowed-origins = [\"https://desk.example\"]");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path))
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    private HttpResponse<String> put(String path, String json, String... headers) throws Exception {
        return send("PUT", path, BodyPublishers.ofString(json), json(headers));
    }

    private HttpResponse<String> post(BodyPublisher body) throws Exception {
        return send("POST", "/v1/updates", body, "Content-Type", "application/x-ndjson");
    }

    private static String[] json(String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return all.toArray(String[]::new);
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElse("");
    }

    // ---- one document

    @Test
    void aDocumentIsPutReadAndDeleted() throws Exception {
        var put = put(DOCUMENT, "{\"qty\":5}");
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(tag(put)).isEqualTo("\"" + server.position() + "\"");
        var again = put(DOCUMENT, "{\"qty\":5}");
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(tag(again)).isEqualTo("\"" + server.position() + "\"");

        var read = get(DOCUMENT);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("{\"qty\":5}\n");
        assertThat(read.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(tag(read)).isEqualTo(tag(again));
        var head = send("HEAD", DOCUMENT, BodyPublishers.noBody());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(tag(head)).isEqualTo(tag(again));

        var delete = send("DELETE", DOCUMENT, BodyPublishers.noBody());
        assertThat(delete.statusCode()).isEqualTo(204);
        assertThat(delete.headers().firstValue("Tidegate-Position"))
                .hasValue(server.position().toString());
        assertThat(get(DOCUMENT).statusCode()).isEqualTo(404);
        assertThat(put(DOCUMENT, "6").statusCode()).as("a new document").isEqualTo(201);
    }

    @Test
    void namesArePercentEncodedUtf8() throws Exception {
        assertThat(put("/v1/documents/m%C3%BCnzen/a%2Fb%25", "1").statusCode()).isEqualTo(201);
        assertThat(get("/v1/documents/m%C3%BCnzen/a%2Fb%25").body()).isEqualTo("1\n");
        assertThat(get("/v1/documents?collection=m%C3%BCnzen").body())
                .contains("\"collection\":\"münzen\",\"key\":\"a/b%\"");
        assertThat(put("/v1/documents/a%20b/k", "1").statusCode()).isEqualTo(400);
        assertThat(put("/v1/documents/a/%FF", "1").statusCode()).isEqualTo(400);
    }

    @Test
    void aValueMayBeOnManyLinesAndIsStoredOnOne() throws Exception {
        assertThat(put(DOCUMENT, "{\n  \"qty\": 5,\r\n  \"note\": \"a\\nb\"\n}\n")
                        .statusCode())
                .isEqualTo(201);
        assertThat(get(DOCUMENT).body()).isEqualTo("{   \"qty\": 5,    \"note\": \"a\\nb\" }\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"qty\":5 | 400 | invalid-json",
                "`\"a\nb\"` | 400 | invalid-json",
                "1 2 | 400 | invalid-json",
                "`` | 400 | invalid-json"
            })
    void whatIsNoJsonIsRefused(String body, int status, String code) throws Exception {
        var refused = put(DOCUMENT, body);
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.body()).contains("\"code\":\"" + code + "\"");
        assertThat(get(DOCUMENT).statusCode()).isEqualTo(404);
    }

    @Test
    void aBodyThatIsNotSaidToBeJsonIsRefused() throws Exception {
        var plain = send("PUT", DOCUMENT, BodyPublishers.ofString("1"), "Content-Type", "text/plain");
        assertThat(plain.statusCode()).isEqualTo(415);
        assertThat(plain.body()).contains("unsupported-type", "application/json");
        assertThat(send("PUT", DOCUMENT, BodyPublishers.ofString("1")).statusCode())
                .isEqualTo(415);
        assertThat(put(DOCUMENT, "\"" + "x".repeat(5000) + "\"").statusCode()).isEqualTo(413);
        assertThat(get(DOCUMENT).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "application/json; charset=us-ascii",
                "Application/JSON",
                "application/geo+json",
                "application/vnd.api+json; charset=utf-8"
            })
    void anyTypeThatIsJsonIsTaken(String type) throws Exception {
        assertThat(send("PUT", DOCUMENT, BodyPublishers.ofString("1"), "Content-Type", type)
                        .statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json; charset=iso-8859-1 |                  | charset",
                "application/json; charset=utf-16     |                  | charset",
                "application/geo+json; charset=latin1 |                  | charset",
                "application/json                     | gzip             | Content-Encoding",
                "application/json                     | identity, gzip   | Content-Encoding",
                "application/json                     | br               | Content-Encoding",
                "application/x-ndjson                 |                  | application/json",
                "text/json                            |                  | application/json"
            })
    void aBodyInAnotherFormIsRefusedWithWhatIsTaken(String type, @Nullable String coding, String told)
            throws Exception {
        var refused = coding == null
                ? send("PUT", DOCUMENT, BodyPublishers.ofString("1"), "Content-Type", type)
                : send("PUT", DOCUMENT, BodyPublishers.ofString("1"), "Content-Type", type, "Content-Encoding", coding);

        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.body()).contains("unsupported-type", told);
        assertThat(refused.headers().firstValue("Accept-Encoding").isPresent()).isEqualTo(coding != null);
        assertThat(get(DOCUMENT).statusCode()).isEqualTo(404);
    }

    @Test
    void anEncodingThatIsNoneAndTheKnownExpectationAreTaken() throws Exception {
        assertThat(put(DOCUMENT, "1", "Content-Encoding", "identity").statusCode())
                .isEqualTo(201);
        assertThat(send(
                                "POST",
                                "/v1/updates",
                                BodyPublishers.ofString(""),
                                "Content-Type",
                                "application/x-ndjson",
                                "Content-Encoding",
                                "gzip")
                        .statusCode())
                .isEqualTo(415);
        try (var socket = new HttpSocket(server)) {
            socket.send(
                    "PUT " + DOCUMENT, "Content-Type: application/json", "Content-Length: 1", "Expect: something-else");
            var refused = socket.response();
            assertThat(refused.status()).isEqualTo(417);
            assertThat(refused.body()).contains("100-continue");
        }
    }

    // ---- conditions

    @Test
    void aChangeIsMadeOnlyIfTheDocumentIsAsTheWriterSawIt() throws Exception {
        assertThat(put(DOCUMENT, "1", "If-Match", "*").statusCode())
                .as("not there")
                .isEqualTo(412);
        var first = put(DOCUMENT, "1", "If-None-Match", "*");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(put(DOCUMENT, "2", "If-None-Match", "*").statusCode()).isEqualTo(412);
        var second = put(DOCUMENT, "2", "If-Match", "\"other\", " + tag(first));
        assertThat(second.statusCode()).isEqualTo(204);

        var late = put(DOCUMENT, "3", "If-Match", tag(first));
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.body()).contains("precondition-failed");
        assertThat(tag(late)).isEqualTo(tag(second));
        assertThat(put(DOCUMENT, "3", "If-Match", "W/" + tag(second)).statusCode())
                .as("weak tags never match")
                .isEqualTo(412);
        assertThat(put(DOCUMENT, "3", "If-Match", "nonsense").statusCode()).isEqualTo(400);
        assertThat(send("DELETE", DOCUMENT, BodyPublishers.noBody(), "If-Match", tag(first))
                        .statusCode())
                .isEqualTo(412);
        assertThat(get(DOCUMENT, "If-None-Match", tag(second)).statusCode()).isEqualTo(304);
        assertThat(get(DOCUMENT, "If-None-Match", tag(first)).body()).isEqualTo("2\n");
        assertThat(get(DOCUMENT, "If-Match", tag(first)).statusCode()).isEqualTo(412);
    }

    @Test
    void aConditionWithoutATagNamesNoDocument() throws Exception {
        put(DOCUMENT, "1");

        for (String none : List.of("", ",")) {
            assertThat(put(DOCUMENT, "2", "If-Match", none).statusCode()).isEqualTo(412);
            assertThat(send("DELETE", DOCUMENT, BodyPublishers.noBody(), "If-Match", none)
                            .statusCode())
                    .isEqualTo(412);
            assertThat(get(DOCUMENT, "If-Match", none).statusCode()).isEqualTo(412);
            assertThat(get(DOCUMENT, "If-None-Match", none).statusCode()).isEqualTo(200);
        }
        assertThat(get(DOCUMENT).body()).isEqualTo("1\n");
        assertThat(put(DOCUMENT, "2", "If-None-Match", "").statusCode()).isEqualTo(204);
    }

    @Test
    void ofManyWritersThatSawTheSameOneSucceeds() throws Exception {
        String seen = tag(put(DOCUMENT, "0"));
        List<CompletableFuture<HttpResponse<String>>> writers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writers.add(client.sendAsync(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + server.httpAddress().getPort() + DOCUMENT))
                            .headers("Content-Type", "application/json", "If-Match", seen)
                            .PUT(BodyPublishers.ofString(String.valueOf(i)))
                            .build(),
                    BodyHandlers.ofString()));
        }
        List<Integer> outcomes = new ArrayList<>();
        for (var writer : writers) {
            outcomes.add(writer.join().statusCode());
        }
        assertThat(outcomes).containsOnly(204, 412).containsOnlyOnce(204);
    }

    // ---- many changes

    @Test
    void manyChangesAreTakenInOrder() throws Exception {
        String lines = IntStream.range(0, 5000)
                .mapToObj(i -> "{\"collection\":\"c\",\"key\":\"k" + i % 10 + "\",\"value\":" + i + "}")
                .collect(Collectors.joining("\n"));
        var response = post(BodyPublishers.ofString("\n" + lines));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"accepted\":5000,\"position\":\"" + server.position() + "\"}\n");
        assertThat(get("/v1/documents/c/k9").body()).isEqualTo("4999\n");
    }

    @Test
    void aBodyWithoutLengthIsTakenToo() throws Exception {
        byte[] line = "{\"collection\":\"c\",\"key\":\"k\",\"value\":1}\r\n".getBytes(StandardCharsets.UTF_8);
        var response = post(BodyPublishers.ofByteArrays(List.of(line, line, line)));
        assertThat(response.body()).startsWith("{\"accepted\":3,");
    }

    @Test
    void whatOneServerSendsAnotherTakes() throws Exception {
        put(DOCUMENT, "{\"qty\":5}");
        put("/v1/documents/orders/o-18", "[1,2]");
        String documents = get("/v1/documents").body();
        send("DELETE", DOCUMENT, BodyPublishers.noBody());

        assertThat(post(BodyPublishers.ofString(documents)).body()).startsWith("{\"accepted\":2,");
        assertThat(get("/v1/documents").body()).isEqualTo(documents);
    }

    @Test
    void whatAStreamGaveIsTakenToo() throws Exception {
        put(DOCUMENT, "{\"qty\":5}");
        send("DELETE", DOCUMENT, BodyPublishers.noBody());
        put("/v1/documents/orders/o-18", "[1,2]");
        String lines;
        try (var stream = new HttpSocket(server)) {
            stream.send("GET /v1/follow", "Accept: application/x-ndjson").head();
            stream.await("subscribed");
            put("/v1/documents/orders/o-19", "3");
            lines = stream.await("o-19");
        }
        String epoch = server.position().epoch();
        String updates;
        try (var stream = new HttpSocket(server)) {
            stream.send("GET /v1/updates?after=" + epoch + ":0", "Accept: application/x-ndjson")
                    .head();
            updates =
                    stream.readLine() + "\n" + stream.readLine() + "\n" + stream.readLine() + "\n" + stream.readLine();
        }

        assertThat(updates).contains("subscribed", "\"event\":\"delete\"", "\"event\":\"put\"");
        assertThat(post(BodyPublishers.ofString(updates)).body()).startsWith("{\"accepted\":3,");
        assertThat(post(BodyPublishers.ofString(lines)).body()).startsWith("{\"accepted\":1,");
        assertThat(get("/v1/documents").body().lines()).hasSize(2);
    }

    @Test
    void aChangeThatLacksItsValueDeletesNothing() throws Exception {
        put(DOCUMENT, "1");

        var response = post(BodyPublishers.ofString("{\"collection\":\"orders\",\"key\":\"o-17\",\"vlaue\":2}"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("vlaue", "\"accepted\":0");
        assertThat(get(DOCUMENT).body()).isEqualTo("1\n");
    }

    @Test
    void theFirstLineThatIsWrongIsNamedAndEndsThePublishing() throws Exception {
        var response = post(
                BodyPublishers.ofString(
                        """
                        {"collection":"c","key":"k1","value":1}
                        {"collection":"c","key":"k2","value":}
                        {"collection":"c","key":"k3","value":3}
                        """));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"code\":\"invalid-json\"", "\"line\":2", "\"accepted\":1");
        assertThat(get("/v1/documents/c/k1").statusCode()).isEqualTo(200);
        assertThat(get("/v1/documents/c/k3").statusCode()).isEqualTo(404);
        assertThat(post(BodyPublishers.noBody()).body()).isEqualTo("{\"accepted\":0}\n");
    }

    // ---- web pages

    @Test
    void pagesOfOtherOriginsChangeNothing() throws Exception {
        var foreign = put(DOCUMENT, "1", "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).contains("origin-not-allowed");
        assertThat(put(DOCUMENT, "1", "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(get(DOCUMENT).statusCode()).isEqualTo(404);
        var read = get("/v1/documents", "Origin", "https://evil.example");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();

        String own = "http://127.0.0.1:" + server.httpAddress().getPort();
        assertThat(put(DOCUMENT, "1", "Origin", own).statusCode()).isEqualTo(201);
    }

    @Test
    void aNameThatWasPointedHereIsNotTheServersOwn() throws Exception {
        try (var socket = new HttpSocket(server)) {
            socket.sendRaw("PUT " + DOCUMENT + " HTTP/1.1\r\nHost: rebound.example:8080\r\n"
                    + "Origin: http://rebound.example:8080\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1\r\n\r\n1");
            assertThat(socket.response().status()).isEqualTo(421);
        }
    }

    @Test
    void pagesOnTheListMayReadAndChange() throws Exception {
        String origin = "https://desk.example";
        var preflight = send(
                "OPTIONS", DOCUMENT, BodyPublishers.noBody(), "Origin", origin, "Access-Control-Request-Method", "PUT");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue(origin);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
                .hasValueSatisfying(methods -> assertThat(methods).contains("PUT", "DELETE"));
        var put = put(DOCUMENT, "1", "Origin", origin);
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(put.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
        assertThat(put.headers().firstValue("Vary")).hasValue("Origin");
    }
}
