package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Bytes that one reader takes for a body and another for a request (RFC 9112, section 11.2): nothing that may be a body is done, and
 * what is a request is answered in its turn.
 */
@Timeout(120)
class RequestSmugglingTest {

    private static final String END = "\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String NEXT = "GET /v1/documents/none/none HTTP/1.1\r\n" + HOST + END;
    private static final String EVIL =
            "PUT /v1/documents/evil/k HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 1\r\n\r\n1";

    @RegisterExtension
    static final SharedServer SERVER =
            new SharedServer("tidegate.http { head-timeout = 1 s, body-timeout = 1 s, max-head-bytes = 4 KiB }");

    private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

    @BeforeAll
    static void start() throws Exception {
        LOGGED.start();
        ((Logger) LoggerFactory.getLogger("io.tidegate")).addAppender(LOGGED);
    }

    @AfterAll
    static void stop() {
        ((Logger) LoggerFactory.getLogger("io.tidegate")).detachAppender(LOGGED);
    }

    @AfterEach
    void nothingElseWasDoneAndTheNextClientIsServed() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            assertThat(client.send("GET /v1/documents").response().status()).isEqualTo(200);
        }
        assertThat(SERVER.tidegate().read("evil", "k").toCompletableFuture().join())
                .isEmpty();
        assertThat(LOGGED.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    }

    private static String put(String key, String... headers) {
        var request = new StringBuilder("PUT /v1/documents/c/" + key + " HTTP/1.1\r\n" + HOST + JSON);
        for (String header : headers) {
            request.append(header).append(END);
        }
        return request + END;
    }

    private static String whole(String key, String value) {
        return put(key, "Content-Length: " + value.length()) + value;
    }

    private static boolean isStored(String key) {
        return SERVER.tidegate().read("c", key).toCompletableFuture().join().isPresent();
    }

    private static void requireRefused(HttpSocket client, int status) throws IOException {
        var response = client.response();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.closes()).isTrue();
        // A reset would throw.
        assertThat(client.rest()).isEmpty();
    }

    // ---- where a body ends

    static Stream<String> doubtful() {
        return Stream.of(
                "Content-Length: 3\r\nContent-Length: 3",
                "Content-Length: 3\r\nContent-Length: 0",
                "Content-Length: 3, 3",
                "Content-Length: +3",
                "Content-Length: -3",
                "Content-Length: 0x3",
                "Content-Length: 3 3",
                "Content-Length:",
                "Content-Length: 99999999999999999999",
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 3",
                "Transfer-Encoding: chunked;x=y",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\n: chunked",
                "Transfer-Encoding:\r\n chunked",
                "X: a\nTransfer-Encoding: chunked",
                "X: a\rTransfer-Encoding: chunked",
                "X: a\0Transfer-Encoding: chunked",
                "Content-Length: 3\r\n\tTransfer-Encoding: chunked",
                ": a\r\nContent-Length: 3");
    }

    @ParameterizedTest
    @MethodSource("doubtful")
    void aRequestWhoseEndIsInDoubtIsTheLast(String headers) throws Exception {
        for (String version : new String[] {"1.0", "1.1", "1.2"}) {
            try (var client = new HttpSocket(SERVER.tidegate())) {
                client.sendRaw(put("doubtful", headers).replace("HTTP/1.1", "HTTP/" + version) + "0\r\n\r\n" + EVIL);
                requireRefused(client, 400);
            }
        }
        assertThat(isStored("doubtful")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x1\r\n1\r\n0\r\n\r\n",
                "+1\r\n1\r\n0\r\n\r\n",
                " 1\r\n1\r\n0\r\n\r\n",
                "1 \r\n1\r\n0\r\n\r\n",
                "1\n1\r\n0\r\n\r\n",
                "1;x\n1\r\n0\r\n\r\n",
                "1;x\ry\r\n1\r\n0\r\n\r\n",
                "1\r\n1\n0\r\n\r\n",
                "1\r\n10\r\n\r\n",
                "1\r\n1\r\n\r\n0\r\n\r\n",
                "100000001\r\n1\r\n0\r\n\r\n",
                "ffffffffffffffff1\r\n1\r\n0\r\n\r\n",
                "1\r\n1\r\n0\r\nX\r\n\r\n",
                "1\r\n1\r\n0\r\nX: a\n\r\n"
            })
    void aBodyInBrokenChunksIsTheLast(String chunks) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("broken", "Transfer-Encoding: chunked") + chunks + EVIL);
            requireRefused(client, 400);
        }
        assertThat(isStored("broken")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /v1/documents/c/body HTTP/1.1\r\nContent-Type: application/json\r\n",
                "PUT /v1/documents/c/body HTTP/1.1\r\nContent-Type: text/plain\r\n",
                "PUT /nowhere HTTP/1.1\r\n",
                "POST /v1/documents HTTP/1.1\r\n",
                "POST /v1/updates HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n",
                "GET /v1/documents/c/none HTTP/1.1\r\n",
                "DELETE /v1/documents/c/none HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n"
            })
    void whatStandsInABodyIsNoRequest(String head) throws Exception {
        String length = "Content-Length: " + EVIL.length();
        String chunks = Integer.toHexString(EVIL.length()) + END + EVIL + "\r\n0\r\nX: a\r\n\r\n";
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(head + HOST + length + "\r\n\r\n" + EVIL + NEXT);
            client.sendRaw(head + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + NEXT);
            for (int i = 0; i < 2; i++) {
                if (client.response().closes()) {
                    // Of chunks nobody knows how many are still to come.
                    assertThat(i).isEqualTo(1);
                    assertThat(client.rest()).isEmpty();
                    return;
                }
                assertThat(client.response().status()).isEqualTo(404);
            }
        }
    }

    @Test
    void aGetHasNoBodyThatNoHeaderTellsOf() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("GET /v1/documents/c/none HTTP/1.1\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n"
                    + HOST + END + whole("behind", "1"));
            assertThat(client.response().status()).isEqualTo(404);
            assertThat(client.response().status()).isEqualTo(201);
        }
    }

    @Test
    void trailersAreNoHeaders() throws Exception {
        String trailers = String.join(
                        END,
                        "If-Match: \"x:1\"",
                        "Origin: http://evil.example",
                        "Connection: close",
                        "Host: evil.example",
                        "Content-Length: 500",
                        "Transfer-Encoding: gzip",
                        "Content-Type: text/plain")
                + END;
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(put("trailers", "Transfer-Encoding: chunked", "Trailer: If-Match") + "1;x=y\r\n1\r\n0\r\n"
                    + trailers + END + whole("trailers", "2"));
            assertThat(client.response().status()).isEqualTo(201);
            assertThat(client.response().status()).isEqualTo(204);
        }
    }

    // ---- one after the other

    @Test
    void aHundredRequestsInOnePieceAreAnsweredInTheirOrder() throws Exception {
        var requests = new StringBuilder();
        for (int i = 100; i < 200; i++) {
            String chunked = put("p" + i, "Transfer-Encoding: chunked") + "3\r\n" + i + "\r\n0\r\n\r\n";
            requests.append(i % 2 == 0 ? whole("p" + i, "" + i) : chunked)
                    .append(END.repeat(i % 5))
                    .append("GET /v1/documents/c/p" + i + " HTTP/1.1\r\n" + HOST + END);
        }
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(requests.toString());
            for (int i = 100; i < 200; i++) {
                assertThat(client.response().status()).isEqualTo(201);
                assertThat(client.response().body()).isEqualTo(i + "\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: localhost\r\n\r\n",
                "nonsense\r\n\r\n",
                "\0\r\n\r\n",
                "\r\n\r\n\r\n\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\n"
            })
    void whatComesBeforeABadRequestIsAnsweredAndNothingBehindItIsDone(String bad) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(whole("m", "1") + whole("m", "2") + whole("m", "3") + bad + EVIL + EVIL);
            for (int i = 0; i < 3; i++) {
                assertThat(client.response().status()).isBetween(201, 204);
            }
            requireRefused(client, 400);
        }
        assertThat(isStored("m")).isTrue();
    }

    @Test
    void theBeginningOfARequestBehindAnotherIsNotWaitedForForever() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(NEXT + "\r\n" + EVIL.substring(0, 30));
            assertThat(client.response().status()).isEqualTo(404);
            SERVER.time().flowsWhile(() -> requireRefused(client, 408));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PUT /v1/documents/evil/k HTTP/1.1\r\n", "\r"})
    void aHeadThatIsCutIsABadRequest(String head) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw(NEXT + head).halfClose();
            assertThat(client.response().status()).isEqualTo(404);
            requireRefused(client, 400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\r\n\r\n1",
                "Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n",
                "Content-Length: 1\r\n\r\n"
            })
    void aBodyThatIsCutIsABadRequest(String rest) throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            client.sendRaw("PUT /v1/documents/c/cut HTTP/1.1\r\n" + HOST + JSON + rest)
                    .halfClose();
            requireRefused(client, 400);
        }
        assertThat(isStored("cut")).isFalse();
    }
}
