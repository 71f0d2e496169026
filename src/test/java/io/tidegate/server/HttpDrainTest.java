package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainReport;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a drain does to HTTP connections in each state. */
@Timeout(120)
class HttpDrainTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final List<HttpSocket> clients = new ArrayList<>();
    private @Nullable Tidegate server;

    @AfterEach
    void stop() throws IOException {
        for (HttpSocket client : clients) {
            client.close();
        }
        if (server != null) {
            TestServer.end(time, server);
        }
    }

    private Tidegate start(String... settings) throws Exception {
        var started = TestServer.start(directory, settings);
        server = started;
        return started;
    }

    private HttpSocket client(Tidegate started, int receiveBufferBytes) throws IOException {
        var client = new HttpSocket(started, receiveBufferBytes);
        clients.add(client);
        return client;
    }

    private static void publishMegabytes(Tidegate server, int count) {
        String json = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < count; i++) {
            server.publish(Change.put("large", "k" + i, json))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void idleConnectionsGetAFinAtOnceAndResponsesUnderWayAreFinished() throws Exception {
        Tidegate started = start();
        publishMegabytes(started, 16);
        HttpSocket idle = client(started, 0);
        assertThat(idle.send("GET /v1/documents?collection=none").response().status())
                .isEqualTo(200);
        HttpSocket fresh = client(started, 0);
        HttpSocket busy = client(started, 4096).send("GET /v1/documents");
        HttpSocket pipelining = client(started, 4096).send("GET /v1/documents").send("GET /v1/documents");
        var heads = List.of(busy.head(), pipelining.head());
        assertThat(heads).allSatisfy(head -> assertThat(head.status()).isEqualTo(200));

        CompletableFuture<DrainReport> report = started.drain("test").toCompletableFuture();

        assertThat(idle.rest()).isEmpty();
        idle.close();
        assertThat(fresh.rest()).isEmpty();
        fresh.close();
        for (HttpSocket each : List.of(busy, pipelining)) {
            String rest = each.rest();
            assertThat(rest.length()).isGreaterThan(16_000_000);
            // The last chunk: the body is complete.
            assertThat(rest).contains("\r\n0\r\n\r\n");
            // What was asked for behind it is refused.
            assertThat(rest.contains("\r\n0\r\n\r\nHTTP/1.1 503 ")).isEqualTo(each == pipelining);
            each.close();
        }
        assertThat(report.join().connections().reasons()).isEqualTo(Map.of(CloseReason.SHUTDOWN, 4L));
        assertThat(report.join().connections().completed()).isEqualTo(4);
    }

    private static void assertTurnedAway(HttpSocket.Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isNotEmpty();
        assertThat(response.closes()).isTrue();
        assertThat(response.body()).contains("\"code\":\"draining\"");
    }

    /** Until the last of so many connections is told. */
    private static void awaitAllTold(Tidegate server) {
        Await.until(() -> server.connections().list().toCompletableFuture().join().stream()
                .noneMatch(each -> each.state() == ConnectionStatus.State.OPEN));
    }

    @Test
    void aRequestOnAConnectionThatWasNotToldYetIsTurnedAway() throws Exception {
        Tidegate started = start("tidegate.drain.spread = 15 s");
        for (int i = 0; i < 20; i++) {
            assertThat(client(started, 0).send("GET /v1/documents").response().status())
                    .isEqualTo(200);
        }
        HttpSocket last = clients.get(19);

        var report = started.drain("test").toCompletableFuture();
        var response = last.send("GET /v1/documents").response();
        while (response.status() == 200) {
            response = last.send("GET /v1/documents").response();
        }

        assertTurnedAway(response);
        assertThat(last.rest()).isEmpty();
        for (HttpSocket client : clients) {
            client.leave();
        }
        assertThat(report.join().connections().aborted()).isZero();
    }

    @Test
    void aRequestWhoseHeadHasBegunIsTurnedAwayAndNotCutOff() throws Exception {
        Tidegate started = TestServer.start(
                time,
                directory,
                "tidegate.drain { spread = 2 s, timeout = 1 h }",
                "tidegate.http.allowed-origins = [\"https://desk.example\"]");
        server = started;
        HttpSocket half = client(started, 0);
        assertThat(half.send("GET /v1/documents").response().status()).isEqualTo(200);
        half.sendRaw("GET /v1/documents HTTP/1.1\r\nHost: localhost\r\nOrigin: https://desk.example\r\n");
        HttpSocket other = client(started, 0);
        assertThat(other.send("GET /v1/documents").response().status()).isEqualTo(200);

        var report = started.drain("test").toCompletableFuture();
        time.flowsWhile(() -> {
            assertThat(other.rest()).isEmpty();
            other.leave();
            awaitAllTold(started);
        });
        half.sendRaw("\r\n");

        var response = half.response();
        assertTurnedAway(response);
        assertThat(response.header("access-control-allow-origin")).isEqualTo("https://desk.example");
        assertThat(half.rest()).isEmpty();
        half.leave();
        time.flowsAsUsualWhile(
                () -> assertThat(report.join().connections().aborted()).isZero());
    }

    @Test
    void oneTooManyGetsA503() throws Exception {
        Tidegate started = start("tidegate.connection.max-connections = 2");
        assertThat(client(started, 0).send("GET /v1/documents").response().status())
                .isEqualTo(200);
        try (var tcp = TestServer.client(started)) {
            assertThat(tcp.send("ping").line()).contains("pong");

            HttpSocket refused = client(started, 0);
            var response = refused.response();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("retry-after")).isNotEmpty();
            assertThat(response.body()).contains("\"code\":\"too-many-connections\"");
            assertThat(refused.rest()).isEmpty();
        }
    }
}
