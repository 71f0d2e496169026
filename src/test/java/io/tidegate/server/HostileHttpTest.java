package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no request, or one that is not to be trusted: an answer in 4xx, FIN, and the next client is served. */
@Timeout(120)
class HostileHttpTest {

    private static final String GET = "GET /v1/documents HTTP/1.1\r\n";
    private static final String PUT = "PUT /v1/documents/a/b HTTP/1.1\r\nHost: localhost\r\n";
    private static final String TLS_HELLO = "\26\3\1\2\0\1\0\1\374\3\3\0\0\0\0\0\0\0\0";
    private static final int HEADERS = 64;
    private static final String END = "\r\n";

    private static final Map<String, String> BAD = new TreeMap<>(Map.ofEntries(
            Map.entry("binary", "\0\1\2\3\377\376".repeat(10) + END + END),
            Map.entry("HTTP/0.9", "GET /" + END + END),
            Map.entry("a long method", "A".repeat(5000) + " / HTTP/1.1" + END + END),
            Map.entry("CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: localhost" + END + END),
            Map.entry("no host", GET + END),
            Map.entry("two hosts", GET + "Host: localhost\r\nHost: b" + END + END),
            Map.entry("a bad host", GET + "Host: a b c" + END + END),
            Map.entry("lengths that contradict", PUT + "Content-Length: 3\r\nContent-Length: 4" + END + END + "abcd"),
            Map.entry("a list of lengths", PUT + "Content-Length: 3, 3" + END + END + "abc"),
            Map.entry("a negative length", PUT + "Content-Length: -3" + END + END + "abc"),
            Map.entry("a signed length", PUT + "Content-Length: +3" + END + END + "abc"),
            Map.entry("a huge length", PUT + "Content-Length: 99999999999999999999" + END + END),
            Map.entry(
                    "length and chunks",
                    PUT + "Content-Length: 3\r\nTransfer-Encoding: chunked" + END + END + "0" + END + END),
            Map.entry("another encoding", PUT + "Transfer-Encoding: gzip, chunked" + END + END + "0" + END + END),
            Map.entry("a disguised encoding", PUT + "Transfer-Encoding: xchunked" + END + END + "0" + END + END),
            Map.entry(
                    "an encoding twice",
                    PUT + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + END + END + "0" + END + END),
            Map.entry(
                    "chunks in HTTP/1.0",
                    "PUT / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked" + END + END + "0" + END + END),
            Map.entry("a bad chunk", PUT + "Transfer-Encoding: chunked" + END + END + "zz" + END + END),
            Map.entry("a space before the colon", GET + "Host : a" + END + END),
            Map.entry("no colon", GET + "Host: localhost\r\nnonsense" + END + END),
            Map.entry("a header without a name", GET + "Host: localhost\r\n: v\r\nConnection: close" + END + END),
            Map.entry("NUL in a header", GET + "Host: localhost\r\nX: a\0b" + END + END),
            Map.entry("CR in a header", GET + "Host: localhost\r\nX: a\rb" + END + END),
            Map.entry("a long target", "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost" + END + END),
            Map.entry("a long header", GET + "Host: localhost\r\nX: " + "a".repeat(20_000) + END + END),
            Map.entry("a long name", GET + "Host: localhost\r\n" + "X".repeat(20_000) + ": a" + END + END),
            Map.entry(
                    "a megabyte of cookies", GET + "Host: localhost\r\nCookie: " + "a=b; ".repeat(200_000) + END + END),
            Map.entry("many headers", GET + "Host: localhost\r\n" + "X: a\r\n".repeat(1000) + END),
            Map.entry("a bad escape", "GET /v1/%zz HTTP/1.1\r\nHost: localhost" + END + END),
            Map.entry("a bare byte in the target", "GET /v1/\344 HTTP/1.1\r\nHost: localhost" + END + END),
            Map.entry("a body to nowhere", PUT + "Content-Length: 3000000" + END + END + "x".repeat(3_000_000)),
            Map.entry("newlines without end", END.repeat(50_000))));

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer("tidegate.http.head-timeout = 1 s");

    @TestFactory
    Stream<DynamicTest> everyBadInputGetsA4xxAndAFin() {
        return BAD.entrySet().stream()
                .map(bad ->
                        DynamicTest.dynamicTest(bad.getKey(), () -> requireRefusedAsTheClientsMistake(bad.getValue())));
    }

    private record Refusal(String bytes, int status, String code) {}

    private static final String HOST = "Host: localhost" + END + END;

    private static final Map<String, Refusal> EXACT = new TreeMap<>(Map.ofEntries(
            Map.entry("HTTP/2", new Refusal("GET / HTTP/2.0\r\n" + HOST, 505, "bad-request")),
            Map.entry("HTTP/2 preface", new Refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "bad-request")),
            Map.entry("an unknown version", new Refusal("GET / HTTP/9.9\r\n" + HOST, 505, "bad-request")),
            Map.entry("no version", new Refusal("GET /" + END + END, 400, "bad-request")),
            Map.entry("no such protocol", new Refusal("GET / HTTQ/1.1\r\n" + HOST, 400, "bad-request")),
            Map.entry("an unknown method", new Refusal("BREW / HTTP/1.1\r\n" + HOST, 501, "method-not-allowed")),
            Map.entry("a method in lower case", new Refusal("get / HTTP/1.1\r\n" + HOST, 501, "method-not-allowed")),
            Map.entry(
                    "a registered method",
                    new Refusal("UPDATEREDIRECTREF / HTTP/1.1\r\n" + HOST, 501, "method-not-allowed")),
            Map.entry(
                    "* of another method",
                    new Refusal("GET * HTTP/1.1\r\nConnection: close\r\n" + HOST, 400, "bad-request")),
            Map.entry(
                    "a long target",
                    new Refusal("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST, 414, "too-large")),
            Map.entry("a long header", new Refusal(GET + "X: " + "a".repeat(20_000) + "\r\n" + HOST, 431, "too-large")),
            Map.entry("many headers", new Refusal(GET + "X: a\r\n".repeat(64) + HOST, 431, "too-large")),
            Map.entry(
                    "a long head",
                    new Refusal(GET + ("X: " + "a".repeat(8_000) + "\r\n").repeat(60), 431, "too-large"))));

    @TestFactory
    Stream<DynamicTest> everyRefusalHasItsStatusItsCodeAndADate() {
        return EXACT.entrySet().stream()
                .map(bad -> DynamicTest.dynamicTest(bad.getKey(), () -> {
                    var response = requireRefused(bad.getValue().bytes());
                    assertThat(response.status()).isEqualTo(bad.getValue().status());
                    assertThat(response.body())
                            .contains("\"code\":\"" + bad.getValue().code() + "\"");
                }));
    }

    @Test
    void asManyHeadersAsTheLimitAreTaken() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            String most = "X: a\r\n".repeat(HEADERS - 1);
            assertThat(client.sendRaw(GET + most + HOST).response().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", TLS_HELLO, GET, GET + "Host: localhost\r\n"})
    void aHeadThatTakesTooLongIsToldSo(String beginning) throws Exception {
        SERVER.time()
                .flowsWhile(() -> assertThat(requireRefused(beginning).status()).isEqualTo(408));
    }

    private static void requireDate(HttpSocket.Response response) {
        Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(response.header("date")));
        assertThat(date).isCloseTo(Instant.now(), within(1, ChronoUnit.HOURS));
        assertThat(response.header("date")).hasSize("Sun, 06 Nov 1994 08:49:37 GMT".length());
    }

    private static void requireRefusedAsTheClientsMistake(String bytes) throws IOException {
        assertThat(requireRefused(bytes).status()).isBetween(400, 499);
    }

    private static HttpSocket.Response requireRefused(String bytes) throws IOException {
        HttpSocket.Response response;
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(bytes);
            response = client.response();
            requireDate(response);
            assertThat(response.header("content-type")).isEqualTo("application/problem+json");
            assertThat(response.body()).contains("\"detail\":", "\"code\":");
            assertThat(response.closes()).isTrue();
            // A reset would throw.
            assertThat(client.rest()).isEmpty();
        }
        try (var next = new HttpSocket(SERVER.tidegate())) {
            assertThat(next.send("GET /v1/documents").response().status()).isEqualTo(200);
        }
        return response;
    }
}
