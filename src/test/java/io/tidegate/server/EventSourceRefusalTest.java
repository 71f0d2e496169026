package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An EventSource is closed for ever by any answer but 200, so it gets no other one that it could wait for. */
@Timeout(120)
class EventSourceRefusalTest {

    private static final String ACCEPT = "Accept: text/event-stream";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    private final List<HttpSocket> clients = new ArrayList<>();

    private void start(String... settings) throws Exception {
        server = TestServer.start(directory, settings);
    }

    @AfterEach
    void stop() throws Exception {
        for (HttpSocket client : clients) {
            client.close();
        }
        server.close();
    }

    private HttpSocket client() throws Exception {
        var client = new HttpSocket(server);
        clients.add(client);
        return client;
    }

    private static void assertToldByAnEvent(HttpSocket.Response response, String code, int retryMillis) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-type")).isEqualTo("text/event-stream");
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertThat(response.body())
                .matches("retry: " + retryMillis + "\ndata: \\{\"event\":\"error\",\"code\":\"" + code
                        + "\",\"message\":\"[^\n]+\"}\n\n");
    }

    private void fill() throws Exception {
        start("tidegate.connection.max-connections = 1");
        assertThat(client().send("GET /v1/documents").response().status()).isEqualTo(200);
    }

    @Test
    void oneTooManyIsToldByAnEvent() throws Exception {
        fill();
        HttpSocket refused = client().send("GET /v1/follow", ACCEPT);

        assertToldByAnEvent(refused.response(), "too-many-connections", 2000);
        assertThat(refused.rest()).isEmpty();
    }

    @Test
    void aPageOfAListedOriginMayReadIt() throws Exception {
        start("tidegate { connection.max-connections = 1, http.allowed-origins = [\"https://desk.example\"] }");
        assertThat(client().send("GET /v1/documents").response().status()).isEqualTo(200);

        var told = client().send("GET /v1/follow", ACCEPT, "Origin: https://desk.example")
                .response();

        assertToldByAnEvent(told, "too-many-connections", 2000);
        assertThat(told.header("access-control-allow-origin")).isEqualTo("https://desk.example");
    }

    @Test
    void itsHeadMayComeInPieces() throws Exception {
        fill();
        HttpSocket refused = client().sendRaw("GET /v1/follow HTTP/1.1\r\nHost: a\r\nAcc");
        refused.sendRaw("ept: text/event-stream\r\n");
        refused.sendRaw("\r\n");

        assertToldByAnEvent(refused.response(), "too-many-connections", 2000);
    }

    @Test
    void otherClientsThatAreTooManyGetTheStatus() throws Exception {
        fill();

        assertThat(client().send("GET /v1/follow", "Accept: */*").response().status())
                .isEqualTo(503);
        assertThat(client().send("POST /v1/updates", ACCEPT).response().status())
                .isEqualTo(503);
        assertThat(client().sendRaw("GET /v1/follow HTTP/1.1\r\n")
                        .halfClose()
                        .response()
                        .status())
                .isEqualTo(503);
        assertThat(client().sendRaw("x".repeat(20_000)).response().status()).isEqualTo(503);
    }

    @Test
    void aPositionThatIsGoneIsToldByAnEvent() throws Exception {
        start();

        assertToldByAnEvent(
                client().send("GET /v1/updates?after=old:1", ACCEPT).response(), "position-unavailable", 10_000);
        assertThat(client().send("GET /v1/updates?after=old:1").response().status())
                .isEqualTo(410);
    }

    @Test
    void whatStaysWrongIsTheStatus() throws Exception {
        start();

        assertThat(client().send("GET /v1/nothing", ACCEPT).response().status()).isEqualTo(404);
        assertThat(client().send("GET /v1/updates?after=x", ACCEPT).response().status())
                .isEqualTo(400);
        assertThat(client().send("GET /v1/documents", ACCEPT).response().status())
                .isEqualTo(406);
    }

    @Test
    void oneThatAsksAServerThatDrainsIsToldByAnEvent() throws Exception {
        start("tidegate.drain.spread = 15 s");
        for (int i = 0; i < 20; i++) {
            assertThat(client().send("GET /v1/documents").response().status()).isEqualTo(200);
        }
        HttpSocket last = clients.get(19);

        var report = server.drain("test").toCompletableFuture();
        var response = last.send("GET /v1/documents").response();
        while (response.status() == 200) {
            response = last.send("GET /v1/documents").response();
        }
        assertThat(response.status()).isEqualTo(503);
        HttpSocket events = clients.get(18);
        var told = events.send("GET /v1/follow", ACCEPT).response();

        assertToldByAnEvent(told, "draining", 2000);
        assertThat(told.closes()).isTrue();
        assertThat(events.rest()).isEmpty();
        for (HttpSocket client : clients) {
            client.leave();
        }
        assertThat(report.join().connections().aborted()).isZero();
    }
}
