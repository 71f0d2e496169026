package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of HTTP choose with {@code select}, {@code collection}, {@code latest} and {@code watch}. */
@Timeout(60)
class HttpSelectTest {

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Tidegate server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(directory);
        put("orders", "eu-1");
        put("trades", "t-1");
    }

    private static void put(String collection, String key) {
        server.publish(Change.put(collection, key, "1")).toCompletableFuture().join();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpSocket.Response get(String target, String... headers) throws Exception {
        try (var client = new HttpSocket(server)) {
            return client.send("GET " + target, headers).response();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select=",
                "select=orders/",
                "select=/k",
                "select=a%20b",
                "select=orders/%25ff",
                "select=latest",
                "select=none&select=orders",
                "select=none&collection=orders"
            })
    void aSelectionThatIsWrongIsRefusedEverywhereAndToBrowsersToo(String query) throws Exception {
        for (String path : List.of("/v1/documents", "/v1/updates", "/v1/follow")) {
            var response = get(path + "?" + query);
            assertThat(response.status()).as(path).isEqualTo(400);
            assertThat(response.body()).contains("\"code\":\"bad-request\"");
        }
        // An EventSource is closed by that, once and for all, as by any other mistake of its page.
        assertThat(get("/v1/follow?" + query, "Accept: text/event-stream").status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/documents?latest, no such parameter",
        "/v1/documents?watch=orders, no such parameter",
        "/v1/updates?watch=orders, no such parameter",
        "/v1/updates?latest=false, latest is true or is left out",
        "/v1/follow?latest=1, latest is true or is left out",
        "/v1/follow?latest&latest, more than once",
        "/v1/follow?watch=orders, select=none",
        "/v1/follow?select=trades&watch=none, no selector",
        "/v1/follow?select=trades&watch=, 1 to 128 characters"
    })
    void whatAStreamIsNotAskedForIsRefused(String target, String why) throws Exception {
        var response = get(target);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).contains(why);
    }

    @Test
    void aStreamHasTheSelectedDocumentsAndTheirUpdatesOnly() throws Exception {
        for (String form : List.of("text/event-stream", "application/x-ndjson")) {
            try (var client = new HttpSocket(server)) {
                client.send("GET /v1/follow?select=trades&select=trades/t-1", "Accept: " + form);
                assertThat(client.await("\"document\"")).contains("\"t-1\"");
                assertThat(client.await("\"synced\"")).contains("\"documents\":1");
                client.await("\"subscribed\"");
                put("orders", "eu-1");
                put("trades", "t-1");

                assertThat(client.await("\"put\"")).contains("\"t-1\"");
            }
        }
    }

    @Test
    void updatesAreThoseOfTheSelectedKeysAndBeginnings() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/updates?select=orders/us-*&select=orders/a%2520b&collection=trades");
            client.await("\"subscribed\"");
            for (String key : List.of("eu-1", "a b", "us-1", "u", "us-2")) {
                put("orders", key);
            }
            put("trades", "t-1");

            for (String key : List.of("a b", "us-1", "us-2", "t-1")) {
                assertThat(client.await("\"put\"")).contains("\"" + key + "\"");
            }
        }
    }

    @Test
    void anEventSourceThatComesBackKeepsItsSelection() throws Exception {
        String id;
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/updates?select=orders/us-*&latest=true", "Accept: text/event-stream");
            id = client.await("id: ").substring("id: ".length());
        }
        put("orders", "us-2");
        put("orders", "eu-2");
        put("orders", "us-3");
        try (var client = new HttpSocket(server)) {
            client.send(
                    "GET /v1/updates?select=orders/us-*&latest=true",
                    "Accept: text/event-stream",
                    "Last-Event-ID: " + id);

            assertThat(client.await("\"put\"")).contains("\"us-2\"");
            assertThat(client.await("\"put\"")).contains("\"us-3\"");
        }
    }
}
