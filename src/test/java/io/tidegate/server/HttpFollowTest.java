package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Transport;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers over HTTP, as server-sent events and as lines. */
@Timeout(120)
class HttpFollowTest {

    @TempDir
    Path directory;

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

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            var unused = server.publish(Change.put(i % 2 == 0 ? "even" : "odd", "k" + i, "" + i));
        }
        server.publish(Change.put("even", "last", "1")).toCompletableFuture().join();
    }

    private LedgerEntry ended(HttpSocket client) {
        Await.until(() -> entry(client).isPresent());
        return entry(client).orElseThrow();
    }

    private Optional<LedgerEntry> entry(HttpSocket client) {
        return server.connections().ended(100).stream()
                .filter(entry -> entry.peer().equals(client.address()))
                .findFirst();
    }

    /** What an EventSource keeps of a stream: the data of its events, and the last id. */
    private static final class EventSource {
        final List<String> events = new ArrayList<>();
        String lastId = "";

        /** Reads until an event contains the text, or to the end. */
        void read(Iterator<String> each, String until) {
            String data = "";
            while (each.hasNext()) {
                String line = each.next();
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty()) {
                    events.add(data);
                    if (data.contains(until)) {
                        return;
                    }
                }
            }
        }

        List<Long> updates() {
            return events.stream()
                    .filter(event -> event.contains("\"event\":\"put\""))
                    .map(event -> Long.parseLong(event.replaceAll(".*?\"seq\":(\\d+).*", "$1")))
                    .toList();
        }
    }

    private Stream<String> lines(HttpClient client, String path, String lastEventId) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path))
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<Stream<String>> response = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    void anEventSourceResumesWithoutAGapOrADuplicate() throws Exception {
        publish(99);
        var source = new EventSource();
        for (int round = 0; round < 4; round++) {
            var client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            try (Stream<String> lines = lines(client, "/v1/follow", source.lastId)) {
                Iterator<String> each = lines.iterator();
                // Updates before it may be in the snapshot, and come no more.
                source.read(each, "\"subscribed\"");
                publish(99);
                source.read(each, "\"seq\":" + (server.position().seq() - 37 + round) + ",");
            }
        }
        var rest = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (Stream<String> lines = lines(rest, "/v1/follow?after=ignored:1", source.lastId)) {
            source.read(lines.iterator(), "\"seq\":" + server.position().seq() + ",");
        }

        long synced = Long.parseLong(source.events.stream()
                .filter(event -> event.contains("\"synced\""))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*\"seq\":(\\d+).*", "$1"));
        List<Long> expected = Stream.iterate(synced + 1, seq -> seq + 1)
                .limit(server.position().seq() - synced)
                .toList();
        assertThat(source.updates()).isEqualTo(expected);
        assertThat(source.events.stream().filter(event -> event.contains("\"synced\"")))
                .hasSize(1);
    }

    @Test
    void updatesAreFilteredAndStartWhereTheParameterSays() throws Exception {
        String start = server.position().toString();
        publish(10);
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/updates?collection=odd&after=" + start);

            assertThat(client.head().header("content-type")).isEqualTo("text/event-stream");
            assertThat(client.await("data: ")).contains("subscribed");
            for (int seq = 2; seq <= 10; seq += 2) {
                assertThat(client.await("id: ")).endsWith(":" + seq);
                assertThat(client.await("data: ")).contains("\"collection\":\"odd\"");
            }
            assertThat(client.await("id: ")).endsWith(":11");
            assertThat(client.await("data: ")).contains("caughtup", "\"seq\":11}");
        }
    }

    @Test
    void proxiesAreAskedToPassAStreamOnAtOnceAndUnchanged() throws Exception {
        for (String path : List.of("/v1/follow", "/v1/updates")) {
            for (String form : List.of("text/event-stream", "application/x-ndjson")) {
                try (var client = new HttpSocket(server)) {
                    var head = client.send("GET " + path, "Accept: " + form).head();
                    assertThat(head.header("content-type")).isEqualTo(form);
                    assertThat(head.header("x-accel-buffering")).isEqualTo("no");
                    assertThat(head.header("cache-control").split(", ", -1))
                            .containsExactlyInAnyOrder("no-store", "no-cache", "no-transform");
                }
            }
        }
    }

    @Test
    void aPositionThatTheLogDoesNotHoldStartsAFollowerAnew() throws Exception {
        publish(3);
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/follow", "Last-Event-ID: wiped:7");

            assertThat(client.head().status()).isEqualTo(200);
            assertThat(client.await("data: ")).contains("resync");
            assertThat(client.await("data: ")).contains("snapshot", "\"documents\":4}");
            assertThat(client.await("data: ")).contains("document");
        }
    }

    @Test
    void linesAreThoseOfTheLineProtocol() throws Exception {
        publish(1);
        try (var client = new HttpSocket(server);
                var tcp = TestServer.client(server)) {
            client.send("GET /v1/follow", "Accept: application/x-ndjson");
            tcp.send("follow");
            assertThat(client.head().header("content-type")).isEqualTo("application/x-ndjson");
            requireSameUntil("subscribed", client, tcp);
            publish(2);
            requireSameUntil("\"put\",\"seq\":5", client, tcp);
        }
    }

    private static void requireSameUntil(String last, HttpSocket client, LineClient tcp) throws Exception {
        String line;
        do {
            line = tcp.line();
            assertThat(client.readLine()).isEqualTo(line);
        } while (!line.contains(last));
    }

    @Test
    void whatAFollowerSendsIsDiscarded() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/updates").head();
            client.await("subscribed");
            for (int i = 0; i < 100; i++) {
                client.sendRaw("GET /v1/documents HTTP/1.1\r\n\r\n".repeat(100));
            }
            publish(1);

            assertThat(client.await("\"put\"")).contains("\"k0\"");
        }
    }

    @Test
    void aStreamOfEventsBeginsWithTheTimeBetweenAttempts() throws Exception {
        try (var events = new HttpSocket(server);
                var lines = new HttpSocket(server)) {
            events.send("GET /v1/follow").head();
            lines.send("GET /v1/follow", "Accept: application/x-ndjson").head();

            assertThat(events.readLine()).isEqualTo("retry: 2000");
            assertThat(events.readLine()).isEmpty();
            assertThat(lines.readLine()).startsWith("{\"event\":\"");
        }
    }

    @Test
    void aDrainGivesFollowersTheirBacklogAGoodbyeAndAFin() throws Exception {
        try (var events = new HttpSocket(server);
                var lines = new HttpSocket(server)) {
            events.send("GET /v1/updates").head();
            lines.send("GET /v1/updates", "Accept: application/x-ndjson").head();
            events.await("caughtup");
            lines.await("caughtup");
            publish(999);

            var report = server.drain("test").toCompletableFuture();

            String seen = events.rest();
            assertThat(seen.lines().filter(line -> line.startsWith("data: {\"event\":\"put\"")))
                    .hasSize(1000);
            // Of the two one comes back at once, and the other a moment later.
            assertThat(seen)
                    .containsPattern("retry: 100[01]\nid: [a-z0-9]+:1000\ndata: \\{\"event\":\"goodbye\"[^\n]*\n\n$");
            events.leave();
            String text = lines.rest();
            assertThat(text.lines()).hasSize(1001);
            assertThat(text).contains("\"goodbye\",\"reason\":\"shutdown\"");
            lines.leave();
            assertThat(report.join().connections().completed()).isEqualTo(2);
            LedgerEntry entry = ended(events);
            assertThat(entry.ending().reason()).isEqualTo(CloseReason.SHUTDOWN);
            assertThat(entry.transport()).isEqualTo(Transport.SSE);
            assertThat(entry.listener()).isEqualTo("http");
            assertThat(entry.ending().sent().updates()).isEqualTo(1000);
            assertThat(entry.ending().sent().lastSeq()).isEqualTo(1000);
            assertThat(ended(lines).transport()).isEqualTo(Transport.LINES);
        }
    }

    @Test
    void theVerbsMeanTheSameAsOnTcp() throws Exception {
        try (var shutDown = new HttpSocket(server);
                var closed = new HttpSocket(server);
                var aborted = new HttpSocket(server)) {
            for (HttpSocket each : List.of(shutDown, closed, aborted)) {
                each.send("GET /v1/updates").head();
                each.await("subscribed");
            }
            publish(1);
            for (HttpSocket each : List.of(shutDown, closed, aborted)) {
                each.await("\"last\"");
            }
            // The manager hears of each a moment after it is served.
            Await.until(() -> server.connections().open() == 3);
            var open = server.connections().list().toCompletableFuture().join();
            assertThat(open).allSatisfy(each -> assertThat(each.transport()).isEqualTo(Transport.SSE));

            for (var each : open) {
                Verb how = each.peer().equals(shutDown.address())
                        ? Verb.SHUTDOWN
                        : each.peer().equals(closed.address()) ? Verb.CLOSE : Verb.ABORT;
                server.connections()
                        .end(how, new Which.Id(each.id()))
                        .toCompletableFuture()
                        .join();
            }

            assertThat(shutDown.rest()).contains("goodbye");
            shutDown.leave();
            assertThat(closed.rest().strip()).isEmpty();
            closed.leave();
            assertThatThrownBy(aborted::rest).isInstanceOf(IOException.class);
            assertThat(ended(shutDown).ending().reason()).isEqualTo(CloseReason.SHUTDOWN);
            assertThat(ended(closed).ending().reason()).isEqualTo(CloseReason.CLOSED);
            assertThat(ended(aborted).ending().outcome()).isEqualTo(Ending.Outcome.ABORTED);
            assertThat(ended(closed).ending().sent().updates()).isEqualTo(2);
        }
    }
}
