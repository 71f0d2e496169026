package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What web pages get of the data listener: of a site that points its name at it, and of those on the list. */
@Timeout(60)
class HttpPagesTest {

    private static final String DESK = "https://desk.example";

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer(
            "tidegate.http { allowed-origins = [\"" + DESK + "\"], hosts = [feed.example], max-body-bytes = 1 KiB }");

    @BeforeAll
    static void start() throws Exception {
        SERVER.tidegate()
                .publish(Change.put("c", "k", "1"))
                .toCompletableFuture()
                .join();
    }

    private static HttpSocket.Response answer(String requestLine, String... headers) throws IOException {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            return client.sendRaw(requestLine + " HTTP/1.1\r\n"
                            + Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat) + "\r\n")
                    .head();
        }
    }

    // ---- hosts

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "HEAD /",
                "GET /page/page.js",
                "GET /openapi.json",
                "GET /nowhere",
                "GET /v1/documents",
                "GET /v1/documents/c/k",
                "PUT /v1/documents/c/k",
                "DELETE /v1/documents/c/k",
                "GET /v1/updates",
                "POST /v1/updates",
                "GET /v1/follow",
                "GET /v1/socket",
                "OPTIONS /v1/documents",
                "OPTIONS *",
                "GET http://evil.example:8080/v1/documents"
            })
    void nothingIsToldToWhoAsksByAnUnknownName(String requestLine) throws Exception {
        String[] headers = {
            "Host: evil.example:8080",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        };
        var response = answer(requestLine, headers);

        assertThat(response.status()).isEqualTo(421);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.header("access-control-allow-origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.:1",
                "127.0.0.1:8080",
                "10.0.0.1",
                "[::1]",
                "feed.example",
                "Feed.Example:80"
            })
    void addressesAndKnownNamesAreAnswered(String host) throws Exception {
        for (String target : new String[] {"/", "/v1/documents", "/v1/follow"}) {
            assertThat(answer("GET " + target, "Host: " + host).status()).isEqualTo(200);
        }
        assertThat(answer("GET http://" + host + "/v1/documents", "Host: " + host)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aClientThatNamesNoHostIsAnswered() throws Exception {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            assertThat(client.sendRaw("GET /v1/documents HTTP/1.0\r\n\r\n")
                            .head()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(answer("GET /v1/documents", "Host:").status()).isEqualTo(200);
    }

    // ---- pages

    @ParameterizedTest
    @CsvSource({
        "GET /v1/documents, '', 200",
        "GET /v1/documents/c/k, '', 200",
        "HEAD /v1/documents/c/k, '', 200",
        "GET /v1/documents/c/k, If-None-Match: *, 304",
        "GET /v1/documents/c/k, If-Match: \"other:1\", 412",
        "GET /v1/documents/c/none, '', 404",
        "GET /v1/follow, '', 200",
        "GET /v1/updates, Accept: application/x-ndjson, 200",
        "GET /v1/updates?after=zzz:5, '', 410",
        "GET /v1/updates?after=zzz, '', 400",
        "GET /v1/documents?other=1, '', 400",
        "GET /v1/documents/a%20b/k, '', 400",
        "GET https://localhost/, '', 421",
        "GET /nowhere, '', 404",
        "POST /v1/documents, '', 405",
        "TRACE /v1/documents, '', 405",
        "GET /v1/documents, Accept: image/png, 406",
        "PUT /v1/documents/c/k, Content-Type: text/plain, 415",
        "PUT /v1/documents/c/k, Content-Type: application/json, 400",
        "PUT /v1/documents/c/k, Content-Type: application/json|Content-Length: 5000, 413",
        "POST /v1/updates, Content-Type: text/plain, 415",
        "POST /v1/updates, Content-Type: application/x-ndjson, 200",
        "GET /v1/socket, '', 400",
        "OPTIONS /v1/documents, '', 204",
        "OPTIONS /v1/documents, Access-Control-Request-Method: PUT, 204",
        "OPTIONS *, '', 204",
        "GET /, '', 200"
    })
    void everyAnswerToAPageOnTheListMayBeRead(String requestLine, String headers, int status) throws Exception {
        String[] all = Stream.concat(
                        Stream.of("Host: localhost", "Origin: " + DESK),
                        Arrays.stream(headers.split("\\|")).filter(header -> !header.isEmpty()))
                .toArray(String[]::new);
        var response = answer(requestLine, all);

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("access-control-allow-origin")).isEqualTo(DESK);
        assertThat(response.header("access-control-expose-headers")).contains("Retry-After", "Tidegate-Position");
        assertThat(response.header("vary")).isEqualTo("Origin");
        assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void aNameOnTheListOfOriginsIsNoNameOfTheServer() throws Exception {
        assertThat(answer("GET /v1/documents", "Host: desk.example", "Origin: " + DESK)
                        .status())
                .isEqualTo(421);
    }

    @Test
    void thePageBehindWhatEndsTlsIsTheServersOwn() throws Exception {
        String[] put = {"Content-Type: application/json", "Content-Length: 0"};
        assertThat(answer("PUT /v1/documents/c/k", "Host: feed.example", "Origin: https://feed.example", put[0], put[1])
                        .status())
                .as("past the guard, to a body that is no JSON")
                .isEqualTo(400);
        assertThat(answer("PUT /v1/documents/c/k", "Host: feed.example", "Origin: https://feed.example:8443")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void twoOriginsAreRefused() throws Exception {
        assertThat(answer("GET /v1/documents", "Host: localhost", "Origin: " + DESK, "Origin: https://evil.example")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void noAnswerIsGuessedToBeSomethingElse() throws Exception {
        for (String request : new String[] {"GET /v1/documents", "GET /nowhere", "GET /", "GET x", "BREW /"}) {
            assertThat(answer(request, "Host: localhost").header("x-content-type-options"))
                    .as(request)
                    .isEqualTo("nosniff");
        }
    }
}
