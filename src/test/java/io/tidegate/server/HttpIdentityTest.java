package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.document.Change;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests say whose they are, and what they are told if that is not enough. */
@Timeout(120)
class HttpIdentityTest {

    private static final TestIdentities IDENTITIES = new TestIdentities();
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final AtomicInteger MOST_FAILURES = new AtomicInteger(Integer.MAX_VALUE);

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer(
            IDENTITIES,
            new Attempts() {
                @Override
                public boolean mayTry(InetAddress address) {
                    return FAILURES.get() < MOST_FAILURES.get();
                }

                @Override
                public void failed(InetAddress address) {
                    FAILURES.incrementAndGet();
                }
            },
            "tidegate.http.allowed-origins = [\"https://desk.example\"]");

    private static final String DESK = "Authorization: Bearer " + TestIdentities.tokenOf("desk");
    private static final String COOKIE = "Cookie: a=b; __Host-tidegate=" + TestIdentities.tokenOf("desk") + "; c=d";

    @BeforeEach
    void begin() {
        FAILURES.set(0);
        MOST_FAILURES.set(Integer.MAX_VALUE);
        IDENTITIES.with("desk", TestIdentities.rights("a", "a", false));
        IDENTITIES.with("blind", TestIdentities.rights("", "a", false));
        for (String name : new String[] {"a", "b"}) {
            var unused = SERVER.tidegate()
                    .publish(Change.put(name, "x", "1"))
                    .toCompletableFuture()
                    .join();
        }
    }

    private static HttpSocket.Response ask(String requestLine, String... headers) throws IOException {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            return client.send(requestLine, headers).response();
        }
    }

    private static HttpSocket.Response put(String path, String... headers) throws IOException {
        String[] all = Stream.concat(
                        Stream.of(headers), Stream.of("Content-Type: application/json", "Content-Length: 1"))
                .toArray(String[]::new);
        try (var client = new HttpSocket(SERVER.tidegate())) {
            return client.send("PUT " + path, all).sendRaw("1").response();
        }
    }

    private static String code(HttpSocket.Response response) {
        return response.body().replaceAll("(?s).*\"code\":\"([a-z-]*)\".*", "$1");
    }

    private static void assertRefused(HttpSocket.Response response, int status, String code) {
        assertThat(response.status()).as(response.body()).isEqualTo(status);
        assertThat(code(response)).isEqualTo(code);
    }

    // ---- Bearer

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "Bearer  "})
    void theSchemeIsReadInAnyCase(String scheme) throws IOException {
        assertThat(ask("GET /v1/documents", "Authorization: " + scheme + " " + TestIdentities.tokenOf("desk"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoShowsNothingIsAskedToShowSomething() throws IOException {
        HttpSocket.Response response = ask("GET /v1/documents");

        assertRefused(response, 401, "unauthenticated");
        assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"tidegate\"");
        assertThat(FAILURES.get()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Basic ZGVzazpkZXNr", "Bearer", "Bearer token-desk token-desk", "token-desk", "Bearer a,b c"})
    void whatIsNoTokenIsRefused(String value) throws IOException {
        HttpSocket.Response response = ask("GET /v1/documents", "Authorization: " + value);

        assertRefused(response, 401, "unauthenticated");
        assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"tidegate\"");
    }

    @Test
    void aTokenThatIsNobodysIsRefusedEverywhereAndCounted() throws IOException {
        for (String path : new String[] {"/", "/v1/documents", "/v1/follow", "/nothing"}) {
            HttpSocket.Response response = ask("GET " + path, "Authorization: Bearer token-x");
            assertRefused(response, 401, "unauthenticated");
            assertThat(response.header("WWW-Authenticate"))
                    .isEqualTo("Bearer realm=\"tidegate\", error=\"invalid_token\"");
            assertThat(response.body()).doesNotContain("token-x");
        }
        assertThat(FAILURES.get()).isEqualTo(4);
    }

    @Test
    void fromWhereTooMuchFailedNothingIsLookedAt() throws IOException {
        MOST_FAILURES.set(0);

        HttpSocket.Response response = ask("GET /v1/documents", DESK);

        assertRefused(response, 429, "too-many-failures");
        assertThat(response.header("Retry-After")).isEqualTo("60");
        assertThat(ask("GET /").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/", "/openapi.json", "/page/icon.svg", "/page/page.js", "/page/page.css"})
    void whatTellsNothingIsOpen(String path) throws IOException {
        assertThat(ask("GET " + path).status()).isEqualTo(200);
    }

    @Test
    void anEventSourceIsRefusedForGoodWhereToTryAgainDoesNotHelp() throws IOException {
        assertRefused(ask("GET /v1/follow", "Accept: text/event-stream"), 401, "unauthenticated");
        assertRefused(ask("GET /v1/follow?select=b", "Accept: text/event-stream", DESK), 403, "forbidden");

        MOST_FAILURES.set(0);
        HttpSocket.Response later = ask("GET /v1/follow", "Accept: text/event-stream", DESK);
        assertThat(later.status()).isEqualTo(200);
        assertThat(later.body()).contains("retry: 10000", "too-many-failures");
    }

    @Test
    void whatMayNotBeDoneHasTheSameAnswerWhetherThereIsSuchAThingOrNot() throws IOException {
        String there = ask("GET /v1/documents/b/x", DESK).body();
        assertThat(there).contains("\"forbidden\"");
        assertThat(ask("GET /v1/documents/b/n", DESK).body()).isEqualTo(there);
        assertThat(ask("GET /v1/documents/b/x", DESK, "If-None-Match: *").body())
                .isEqualTo(there);
        assertThat(put("/v1/documents/b/x", DESK, "If-Match: *").body()).isEqualTo(there);
        assertThat(put("/v1/documents/b/n", DESK, "If-Match: *").body()).isEqualTo(there);
        assertThat(ask("DELETE /v1/documents/b/x", DESK).body()).isEqualTo(there);
        assertThat(ask("GET /v1/documents?select=none-such", DESK).body()).isEqualTo(there);
        assertThat(ask("GET /v1/follow?select=a&watch=b", DESK).body()).isEqualTo(there);
    }

    @Test
    void whoMayReadPartOfACollectionIsGivenThatWhereItAsksForNoMore() throws IOException {
        IDENTITIES.with("desk", TestIdentities.rights("a/x*", "a", false));
        for (String key : new String[] {"w", "xy", "y"}) {
            assertThat(put("/v1/documents/a/" + key, DESK).status()).isIn(201, 204);
        }

        assertRefused(ask("GET /v1/documents?select=a", DESK), 403, "forbidden");
        assertThat(keys(ask("GET /v1/documents?select=a&readable", DESK))).isEqualTo("x xy");
        assertThat(keys(ask("GET /v1/documents?select=a&readable=true&limit=1&beyond=a/x", DESK)))
                .isEqualTo("xy");
        assertThat(keys(ask("GET /v1/documents?select=b&select=a/w&readable", DESK)))
                .isEmpty();
        assertRefused(ask("GET /v1/documents?select=a&readable=false", DESK), 400, "bad-request");
        String blind = "Authorization: Bearer " + TestIdentities.tokenOf("blind");
        assertRefused(ask("GET /v1/documents?select=a&readable", blind), 403, "forbidden");
    }

    private static String keys(HttpSocket.Response documents) {
        assertThat(documents.status()).isEqualTo(200);
        return documents
                .body()
                .lines()
                .map(line -> line.replaceAll(".*\"key\":\"([^\"]*)\".*", "$1"))
                .collect(Collectors.joining(" "));
    }

    @Test
    void whoMayWriteAndNotReadIsNotToldWhatWasThere() throws IOException {
        String blind = "Authorization: Bearer " + TestIdentities.tokenOf("blind");

        for (String key : new String[] {"x", "new", "new"}) {
            HttpSocket.Response done = put("/v1/documents/a/" + key, blind);
            assertThat(done.status()).isEqualTo(204);
            assertThat(done.header("ETag")).isEmpty();
        }
        HttpSocket.Response failed = put("/v1/documents/a/x", blind, "If-Match: \"other:1\"");
        assertRefused(failed, 412, "precondition-failed");
        assertThat(failed.header("ETag")).isEmpty();
        HttpSocket.Response none = put("/v1/documents/a/none", blind, "If-Match: \"other:1\"");
        assertThat(none.body()).isEqualTo(failed.body());
        assertRefused(ask("GET /v1/documents/a/x", blind), 403, "forbidden");
    }

    @Test
    void manyChangesEndAtTheFirstThatIsNotAllowed() throws IOException {
        String lines = Stream.of("a", "a", "b", "a")
                .map(name -> "{\"collection\":\"" + name + "\",\"key\":\"k\",\"value\":1}\n")
                .reduce("", String::concat);
        try (var client = new HttpSocket(SERVER.tidegate())) {
            HttpSocket.Response response = client.send(
                            "POST /v1/updates",
                            DESK,
                            "Content-Type: application/x-ndjson",
                            "Content-Length: " + lines.length())
                    .sendRaw(lines)
                    .response();
            assertRefused(response, 403, "forbidden");
            assertThat(response.body()).contains("\"line\":3", "\"accepted\":2");
        }
    }

    @Test
    void aPreflightNeedsNoIdentity() throws IOException {
        HttpSocket.Response response = ask(
                "OPTIONS /v1/documents/a/x",
                "Origin: https://desk.example",
                "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: authorization");

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("Access-Control-Allow-Headers")).contains("Authorization");
        assertThat(response.header("Access-Control-Allow-Credentials")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"token=x", "access_token=x", "Authorization=Bearer%20x", "ticket=tg_abc"})
    void aTokenInTheQueryIsRefusedWithWhatToDo(String query) throws IOException {
        HttpSocket.Response response = ask("GET /v1/follow?" + query, DESK);

        assertRefused(response, 400, "bad-request");
        assertThat(response.body()).contains("POST /v1/tickets", "Authorization: Bearer");
    }

    // ---- tickets

    private static String ticket(String... headers) throws IOException {
        HttpSocket.Response response = ask("POST /v1/tickets", headers);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("\"expiresInMs\":30000");
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        String ticket = response.body().replaceAll("(?s).*\"ticket\":\"([^\"]*)\".*", "$1");
        assertThat(ticket).hasSize(22);
        return ticket;
    }

    @Test
    void aTicketIsGoodOnce() throws Exception {
        String ticket = ticket(DESK);
        try (var stream = new HttpSocket(SERVER.tidegate())) {
            stream.send("GET /v1/follow?ticket=" + ticket);
            stream.await("caughtup");
        }
        HttpSocket.Response again = ask("GET /v1/follow?ticket=" + ticket);
        assertRefused(again, 401, "unauthenticated");
        assertThat(again.header("WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    void aTicketOpensWhateverABrowserReadsByItself() throws Exception {
        assertThat(ask("GET /v1/documents?ticket=" + ticket(DESK)).status()).isEqualTo(200);
        assertThat(ask("GET /v1/documents/a/x?ticket=" + ticket(DESK)).status()).isEqualTo(200);
        try (var socket = new WebSocketLines(SERVER.tidegate(), "/v1/socket?ticket=" + ticket(DESK))) {
            assertThat(socket.send("put a x 1").read()).contains("accepted");
        }
        try (var stream = new HttpSocket(SERVER.tidegate())) {
            stream.send("GET /v1/updates?select=a&ticket=" + ticket(DESK)).await("caughtup");
        }
        assertRefused(put("/v1/documents/a/x?ticket=" + ticket(DESK)), 400, "bad-request");
        assertRefused(ask("POST /v1/tickets?ticket=" + ticket(DESK)), 400, "bad-request");
        assertRefused(ask("GET /v1/documents?ticket=" + ticket(DESK), DESK), 400, "bad-request");
        assertRefused(ask("POST /v1/tickets"), 401, "unauthenticated");
        assertRefused(ask("POST /v1/tickets", COOKIE), 401, "unauthenticated");
    }

    @Test
    void aTicketIsGoodForAShortTimeAndNotForWhoIsNobodyAnyMore() throws Exception {
        String old = ticket(DESK);
        SERVER.time().passes(Duration.ofSeconds(30));
        assertRefused(ask("GET /v1/documents?ticket=" + old), 401, "unauthenticated");

        String revoked = ticket(DESK);
        IDENTITIES.revoke("desk");
        assertRefused(ask("GET /v1/documents?ticket=" + revoked), 401, "unauthenticated");
    }

    // ---- the cookie

    @Test
    void aCookieStandsForTheTokenUpToItsEnd() throws Exception {
        HttpSocket.Response begun = ask("POST /v1/session", DESK);
        assertThat(begun.status()).isEqualTo(204);
        assertThat(begun.header("Set-Cookie"))
                .isEqualTo("__Host-tidegate=token-desk; Path=/; Secure; HttpOnly; SameSite=Strict");

        IDENTITIES.with(
                "short",
                TestIdentities.rights("a", "", false),
                SERVER.time().wallClock().instant().plusSeconds(90));
        assertThat(ask("POST /v1/session", "Authorization: Bearer token-short").header("Set-Cookie"))
                .endsWith("; Max-Age=90");
        assertThat(ask("DELETE /v1/session").header("Set-Cookie"))
                .startsWith("__Host-tidegate=;")
                .endsWith("; Max-Age=0");
        assertRefused(ask("POST /v1/session"), 401, "unauthenticated");
        assertRefused(ask("POST /v1/session", COOKIE), 401, "unauthenticated");
    }

    @Test
    void aCookieIsGoodForReadingOnly() throws Exception {
        assertThat(ask("GET /v1/documents", COOKIE).status()).isEqualTo(200);
        assertThat(ask("GET /v1/collections", COOKIE).status()).isEqualTo(200);
        try (var client = new HttpSocket(SERVER.tidegate())) {
            assertThat(client.send("HEAD /v1/documents/a/x", COOKIE).head().status())
                    .isEqualTo(200);
        }
        try (var stream = new HttpSocket(SERVER.tidegate())) {
            stream.send("GET /v1/follow", COOKIE).await("caughtup");
        }
        assertRefused(put("/v1/documents/a/x", COOKIE), 401, "unauthenticated");
        assertRefused(ask("DELETE /v1/documents/a/x", COOKIE), 401, "unauthenticated");
        assertRefused(
                ask("POST /v1/updates", COOKIE, "Content-Type: application/x-ndjson", "Content-Length: 0"),
                401,
                "unauthenticated");
        assertRefused(ask("GET /v1/documents", "Cookie: __Host-tidegate=token-x"), 401, "unauthenticated");
        assertRefused(ask("GET /v1/documents", COOKIE, COOKIE), 401, "unauthenticated");
    }

    @Test
    void aCookieOpensAWebSocketForPagesOfThisListenerOnly() throws Exception {
        try (var own = new WebSocketLines(SERVER.tidegate(), "/v1/socket", COOKIE, "Origin: http://localhost")) {
            assertThat(own.send("sync").read()).contains("\"event\"").doesNotContain("error");
        }
        for (String[] headers :
                new String[][] {{COOKIE}, {COOKIE, "Origin: https://desk.example"}, {"Origin: http://localhost"}}) {
            try (var other = new WebSocketLines(SERVER.tidegate(), "/v1/socket", headers)) {
                assertThat(other.send("sync").read()).contains("unauthenticated");
            }
        }
    }

    @Test
    void aWebSocketHasTheIdentityOfItsHandshakeAndMayChangeIt() throws Exception {
        IDENTITIES.with("other", TestIdentities.rights("b", "b", false));
        try (var socket = new WebSocketLines(SERVER.tidegate(), "/v1/socket", DESK)) {
            assertThat(socket.send("put a x 1").read()).contains("accepted");
            assertThat(socket.send("auth token-other").read()).contains("authenticated");
            assertThat(socket.send("put a x 1").read()).contains("forbidden");
        }
    }

    // ---- a right that ends in the middle

    @Test
    void aDownloadIsCutWhenTheRightToItEnds() throws Exception {
        IDENTITIES.with("reader", TestIdentities.rights("big", "", false));
        String value = "\"" + "x".repeat(100_000) + "\"";
        for (int i = 0; i < 200; i++) {
            var unused = SERVER.tidegate()
                    .publish(Change.put("big", "k" + i, value))
                    .toCompletableFuture()
                    .join();
        }
        try (var client = new HttpSocket(SERVER.tidegate(), 4096)) {
            client.send("GET /v1/documents", "Authorization: Bearer token-reader")
                    .head();
            IDENTITIES.revoke("reader");

            assertThat(client.rest()).doesNotEndWith("0\r\n\r\n").hasSizeLessThan(200 * 100_000);
        }
    }
}
