package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9110 and 9112 say of a connection: whom a target asks, which body is awaited, and whether another request may come. */
@Timeout(120)
class HttpConversationTest {

    private static final int MAX_HEAD = 4096;
    private static final String HOST = "Host: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String NEXT = "GET /v1/documents/none/none HTTP/1.1\r\n" + HOST + "\r\n";

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer(
            "tidegate.http { max-head-bytes = " + MAX_HEAD + ", body-timeout = 2 s, max-body-bytes = 1 MiB }",
            "tidegate.feed.max-document-bytes = 512 KiB");

    private static String put(String key, String version, String headers) {
        return "PUT /v1/documents/c/" + key + " HTTP/" + version + "\r\n" + HOST + JSON + headers + "\r\n";
    }

    private static boolean isStored(String key) {
        return SERVER.tidegate().read("c", key).toCompletableFuture().join().isPresent();
    }

    private static void requireGoesOn(HttpSocket client) throws IOException {
        var response = client.sendRaw(NEXT).response();
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.closes()).isFalse();
    }

    /** A reset would throw. */
    private static void requireEnd(HttpSocket client) throws IOException {
        assertThat(client.rest()).isEmpty();
    }

    // ---- targets

    @ParameterizedTest
    @CsvSource({
        "GET http://localhost/v1/documents, Host: evil.example, 200",
        "GET HTTP://LOCALHOST:80/v1/documents, Host: evil.example, 200",
        "GET http://127.0.0.1?collection=a, Host: evil.example, 400",
        "GET http://evil.example/v1/documents, Host: localhost, 421",
        "GET https://localhost/v1/documents, Host: localhost, 421",
        "GET http:///v1/documents, Host: localhost, 400",
        "GET http://u@localhost/v1/documents, Host: localhost, 400",
        "GET ftp://localhost/v1/documents, Host: localhost, 400",
        "GET localhost:80, Host: localhost, 400",
        "GET v1/documents, Host: localhost, 400",
        "GET *, Host: localhost, 400",
        "GET /v1/documents, Host:, 200",
        "GET /v1/documents, Host: LOCALHOST.:1, 200",
        "GET /v1/documents, Host: evil.example, 421",
        "OPTIONS *, Host: localhost, 204",
        "OPTIONS http://localhost/v1/documents, Host: localhost, 204",
        "TRACE /v1/documents, Host: localhost, 405",
        "PATCH /v1/documents, Host: localhost, 405"
    })
    void aTargetSaysWhoIsAsked(String request, String host, int status) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(request + " HTTP/1.1\r\n" + host + "\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(status);
            requireGoesOn(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: localhost\r\nHost: localhost\r\n", "Host: a b\r\n", "Host: [::1\r\n"})
    void thereIsOneHostAlsoBesideATargetThatNamesOne(String hosts) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET http://localhost/v1/documents HTTP/1.1\r\n" + hosts + "\r\n" + NEXT);
            assertThat(client.response().status()).isEqualTo(400);
            requireEnd(client);
        }
    }

    @Test
    void whatIsBehindAConnectIsForSomebodyElse() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("CONNECT localhost:80 HTTP/1.1\r\n" + HOST + "\r\n" + NEXT);
            assertThat(client.response().closes()).isTrue();
            requireEnd(client);
        }
    }

    // ---- versions

    @Test
    void http10EndsWithTheResponseUnlessAskedToGoOn() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET /v1/documents/c/none HTTP/1.0\r\n\r\n" + NEXT);
            assertThat(client.response().closes()).isTrue();
            requireEnd(client);
        }
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET /v1/documents/c/none HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
            assertThat(client.response().header("connection")).isEqualTo("keep-alive");
            client.sendRaw("GET /v1/documents HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + NEXT);
            var head = client.head();
            assertThat(head.header("transfer-encoding")).isEmpty();
            assertThat(head.closes()).isTrue();
            assertThat(client.rest()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void aLaterMinorVersionIsHttp11() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET /v1/documents HTTP/1.2\r\n" + HOST + "\r\n");
            assertThat(client.response().header("transfer-encoding")).isEqualTo("chunked");
            client.sendRaw(put("later", "1.2", "Transfer-Encoding: chunked\r\n") + "1\r\n1\r\n0\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(201);
            requireGoesOn(client);
        }
    }

    // ---- bodies

    @Test
    void aBodyThatIsWantedIsAskedFor() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("expected", "1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n"));
            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.sendRaw("1").response().status()).isEqualTo(201);
            client.sendRaw(put("expected", "1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"));
            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.sendRaw("1\r\n2\r\n0\r\n\r\n").response().status())
                    .isEqualTo(204);
            client.sendRaw("POST /v1/updates HTTP/1.1\r\n" + HOST + JSON
                    + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.sendRaw("\n").response().status()).isEqualTo(200);
            requireGoesOn(client);
        }
    }

    @Test
    void aBodyThatIsNotWantedIsNotAskedFor() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET /v1/documents HTTP/1.1\r\nExpect: 100-continue\r\n" + HOST + "\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            client.sendRaw(put("none", "1.1", "If-None-Match: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"));
            assertThat(client.response().status()).isEqualTo(400);
            requireEnd(client);
        }
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("none", "1.1", "Expect: 200-ok\r\nContent-Length: 1\r\n") + "1");
            assertThat(client.response().status()).isEqualTo(417);
            requireGoesOn(client);
        }
        assertThat(isStored("none")).isFalse();
    }

    @Test
    void inHttp10NothingIsExpected() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("old", "1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n") + "1");
            assertThat(client.response().status()).isEqualTo(201);
            requireEnd(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /v1/documents/c/early HTTP/1.1\r\nContent-Type: text/plain\r\n",
                "POST /v1/updates HTTP/1.1\r\nContent-Type: text/plain\r\n",
                "POST /v1/documents HTTP/1.1\r\n",
                "GET /v1/documents HTTP/1.1\r\n",
                "PUT /nowhere HTTP/1.1\r\n"
            })
    void aShortBodyThatComesAfterItsAnswerIsPassedOver(String head) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(head + HOST + "Content-Length: " + NEXT.length() + "\r\n\r\n");
            assertThat(client.response().closes()).isFalse();
            client.sendRaw(NEXT.substring(0, 10));
            client.sendRaw(NEXT.substring(10));
            requireGoesOn(client);
        }
    }

    @Test
    void theRestOfAShortBodyBehindAWrongLineIsPassedOver() throws Exception {
        String rest = "{\"collection\":\"c\",\"key\":\"behind\",\"value\":1}\n";
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("POST /v1/updates HTTP/1.1\r\n" + HOST + JSON + "Content-Length: " + (9 + rest.length())
                    + "\r\n\r\nnonsense\n");
            var response = client.response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.closes()).isFalse();
            client.sendRaw(rest);
            requireGoesOn(client);
        }
        assertThat(isStored("behind")).isFalse();
    }

    @Test
    void aShortBodyThatNeverComesEndsTheConnection() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("PUT /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n123");
            assertThat(client.response().closes()).isFalse();
            SERVER.time().flowsWhile(() -> requireEnd(client));
        }
        try (var client = new HttpSocket(SERVER.tidegate())) {
            SERVER.time().flowsWhile(() -> {
                client.sendRaw(put("late", "1.1", "Content-Length: 10\r\n") + "123");
                var response = client.response();
                assertThat(response.status()).isEqualTo(408);
                assertThat(response.closes()).isTrue();
                requireEnd(client);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10000000", "Transfer-Encoding: chunked"})
    void aLongBodyThatNobodyWantsEndsTheConnectionWithoutAReset(String length) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("PUT /nowhere HTTP/1.1\r\n" + HOST + length + "\r\n\r\n");
            var response = client.response();
            assertThat(response.status()).isEqualTo(404);
            assertThat(response.closes()).isTrue();
            client.sendRaw("7000\r\n" + "x".repeat(0x7000));
            requireEnd(client);
        }
    }

    @Test
    void aBodyInTheSmallestChunksIsOneDocument() throws Exception {
        int length = 100_000;
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("crumbs", "1.1", "Transfer-Encoding: chunked\r\n") + "1\r\n1\r\n".repeat(length)
                    + "0\r\n\r\n" + "GET /v1/documents/c/crumbs HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.response().status()).isEqualTo(201);
            assertThat(client.response().body()).isEqualTo("1".repeat(length) + "\n");
        }
    }

    // ---- responses without a body

    private static Map<String, String> lasting(HttpSocket.Response response) {
        Map<String, String> headers = new TreeMap<>(response.headers());
        headers.remove("date");
        headers.remove("connection");
        return headers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/", "/page/page.js", "/openapi.json", "/v1/documents", "/v1/documents/c/head", "/v1/documents/c/none",
                "/v1/updates", "/v1/updates?after=x", "/v1/updates?after=x:1", "/v1/follow", "/v1/follow?x", "/nowhere"
            })
    void headIsAnsweredAsGetIsWithoutABody(String path) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("head", "1.1", "Content-Length: 1\r\n") + "1").response();
            var head = client.send("HEAD " + path).head();
            var got = client.send("GET " + path).head();
            assertThat(head.status()).isEqualTo(got.status());
            assertThat(lasting(head)).isEqualTo(lasting(got));
        }
    }

    // ---- WebSockets

    /** With a key of zeros, which leaves the payload as it is. */
    private static String frame(String line) {
        return "\u0081" + (char) (0x80 | line.length()) + "\0\0\0\0" + line;
    }

    private static String handshake(String headers) {
        return "GET /v1/socket HTTP/1.1\r\n" + HOST + String.join("\r\n", HttpSocket.HANDSHAKE) + "\r\n" + headers
                + "\r\n";
    }

    @Test
    void framesInOnePieceWithTheHandshakeCount() throws Exception {
        String half = frame("put c framed 2");
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(NEXT + handshake("") + frame("put c framed 1") + half.substring(0, 9));
            assertThat(client.response().status()).isEqualTo(404);
            assertThat(client.head().status()).isEqualTo(101);
            client.await("accepted");
            client.sendRaw(half.substring(9) + frame("quit"));
            client.await("accepted");
            client.await("goodbye");
        }
        assertThat(isStored("framed")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 20", "Transfer-Encoding: chunked"})
    void aBodyIsNotTakenForFrames(String length) throws Exception {
        String line = frame("put c f 1\n\n\n\n\n");
        assertThat(line).hasSize(20);
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(
                    handshake(length + "\r\n") + (length.endsWith("20") ? line : "14\r\n" + line + "\r\n0\r\n\r\n"));
            assertThat(client.response().status()).isEqualTo(400);
        }
        assertThat(isStored("f")).isFalse();
    }

    // ---- limits

    @Test
    void aHeadIsAsLongAsTheLimitAndNoLonger() throws Exception {
        String head = "GET /v1/documents/none/none HTTP/1.1\r\n" + HOST + "X: \r\n\r\n";
        String longest = head.replace("X: ", "X: " + "a".repeat(MAX_HEAD - head.length()));
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(longest + longest);
            assertThat(client.response().status()).isEqualTo(404);
            assertThat(client.response().status()).isEqualTo(404);
            client.sendRaw(longest.replace("X: ", "X: a"));
            assertThat(client.response().status()).isEqualTo(431);
            requireEnd(client);
        }
    }
}
