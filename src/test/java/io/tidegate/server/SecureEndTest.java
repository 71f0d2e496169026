package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.server.SecureClients.Connected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drain over TLS with tokens on, as clients see it, and what is below TLS. */
@Timeout(120)
class SecureEndTest extends SecureFixture {

    @Override
    Tidegate start(String secure) throws Exception {
        return TestServer.start(
                directory, secure, "tidegate.connection.max-connections = 8", "tidegate.drain.spread = 0 s");
    }

    private LineClient desk(Connected connected, String... lines) throws IOException {
        var client = new LineClient(connected.socket()).send(clients.auth("desk"));
        if (lines.length > 0) {
            client.send(lines);
        }
        assertThat(client.line()).contains("authenticated", "desk");
        return client;
    }

    private CompletableFuture<DrainReport> drain() {
        return server.drain("test").toCompletableFuture();
    }

    private static void assertClean(DrainReport report, long completed) {
        assertThat(report.completed()).isEqualTo(completed);
        assertThat(report.aborted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void followersGetEverythingAGoodbyeCloseNotifyAndFin(String version) throws Exception {
        List<Connected> connected = List.of(tcp(version), tcp(version), tcp(version));
        List<LineClient> followers = new ArrayList<>();
        for (Connected each : connected) {
            LineClient client = desk(each, "updates");
            awaitLine(client, "caughtup");
            followers.add(client);
        }
        IntStream.range(0, 100).forEach(i -> put("k" + i));

        CompletableFuture<DrainReport> report = drain();

        for (int i = 0; i < followers.size(); i++) {
            List<String> rest = followers.get(i).rest();
            assertThat(rest).filteredOn(line -> line.contains("\"put\"")).hasSize(100);
            assertThat(rest).last().asString().contains("\"goodbye\",\"reason\":\"shutdown\"", "\"seq\":100,");
            assertThat(connected.get(i).end()).isEqualTo(SecureClients.CLEAN);
            connected.get(i).socket().close();
        }
        assertClean(report.join(), 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void everythingAcceptedInADrainIsKeptAndEveryAnswerArrives(String version) throws Exception {
        Connected connected = tcp(version);
        LineClient publisher = desk(connected);
        var halfway = new CompletableFuture<Void>();
        var sent = CompletableFuture.runAsync(() -> putUntilItFails(publisher, halfway));
        halfway.join();

        CompletableFuture<DrainReport> report = drain();
        List<String> answers = publisher.rest();

        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        connected.socket().close();
        sent.join();
        assertClean(report.join(), 1);
        assertThat(answers).last().asString().contains("\"goodbye\",\"reason\":\"shutdown\"");
        long accepted =
                answers.stream().filter(line -> line.contains("\"accepted\"")).count();
        assertThat(accepted).isPositive();
        assertThat(documentsAfterRestart()).isEqualTo(accepted);
    }

    private static void putUntilItFails(LineClient publisher, CompletableFuture<Void> halfway) {
        try {
            for (int i = 0; i < 1_000_000; i++) {
                publisher.send("put a k" + i + " " + i);
                if (i == 1000) {
                    halfway.complete(null);
                }
            }
        } catch (IOException e) {
            // The server has ended it, and the test has closed it.
        }
    }

    private int documentsAfterRestart() throws Exception {
        server.close();
        server = TestServer.start(directory, clients.settings());
        List<String> all = desk(tcp(SecureClients.TLS_13), "sync", "quit").rest();
        return (int) all.stream().filter(line -> line.contains("\"document\"")).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoHasClosedItsSideGetsEveryAnswer(String version) throws Exception {
        IntStream.range(0, 1000).forEach(i -> put("k" + i));
        Connected connected = tcp(version);
        LineClient client = desk(connected, "sync", "put b k 1", "ping");

        client.halfClose();

        List<String> rest = client.rest();
        assertThat(rest).filteredOn(line -> line.contains("\"document\"")).hasSize(1000);
        assertThat(rest).filteredOn(line -> line.contains("\"accepted\"")).hasSize(1);
        assertThat(rest).filteredOn(line -> line.contains("\"pong\"")).hasSize(1);
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aFollowerThatHasClosedItsSideIsDrainedLikeAnyOther(String version) throws Exception {
        Connected connected = tcp(version);
        LineClient client = desk(connected, "updates").halfClose();
        awaitLine(client, "caughtup");
        put("k");

        CompletableFuture<DrainReport> report = drain();

        assertThat(client.rest()).hasSize(2).last().asString().contains("goodbye");
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        connected.socket().close();
        assertClean(report.join(), 1);
    }

    @Test
    void whoHasNotBegunAHandshakeDoesNotHoldUpADrain() throws Exception {
        try (var silent = new WatchedSocket(server.tcpAddress(), 0, 60_000)) {
            Await.until(() -> server.connections().open() == 1);

            CompletableFuture<DrainReport> report = drain();

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            silent.shutdownOutput();
            assertClean(report.join(), 1);
        }
    }

    @Test
    void whoHasStoppedWithinAHandshakeIsEndedSoonInADrain() throws Exception {
        try (var slow = new WatchedSocket(server.tcpAddress(), 0, 60_000)) {
            // The head of a record, and a byte of 512.
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            Await.until(() -> server.connections().open() == 1);

            CompletableFuture<DrainReport> report = drain();

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            slow.shutdownOutput();
            assertThat(report.join().duration())
                    .isLessThan(server.settings().drain().timeout());
            assertThat(report.join().aborted()).isZero();
        }
    }

    @Test
    void oneTooManyGetsAFinAndNobodyElseIsTouched() throws Exception {
        List<LineClient> served = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            served.add(desk(tcp(SecureClients.TLS_13)));
        }
        try (var tooMany = new WatchedSocket(server.tcpAddress(), 0, 60_000)) {
            assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
        }
        for (LineClient each : served) {
            assertThat(each.send("ping").line()).contains("pong");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aStreamOfEventsEndsWithGoodbye(String version) throws Exception {
        Connected connected = http(version);
        var stream = new HttpSocket(connected.socket())
                .send("GET /v1/follow", "Accept: text/event-stream", clients.bearer("desk"));
        assertThat(stream.head().status()).isEqualTo(200);
        stream.await("caughtup");

        CompletableFuture<DrainReport> report = drain();

        assertThat(stream.rest()).contains("\"goodbye\",\"reason\":\"shutdown\"");
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        connected.socket().close();
        assertClean(report.join(), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aWebSocketEndsWithGoodbyeAnd1001(String version) throws Exception {
        Connected connected = http(version);
        var lines = new WebSocketLines(new HttpSocket(connected.socket()), "/v1/socket");
        assertThat(lines.status()).isEqualTo(101);
        lines.send(clients.auth("desk"), "updates");
        assertThat(lines.read()).contains("authenticated");

        CompletableFuture<DrainReport> report = drain();

        String last = "";
        for (String line = lines.read(); line != null; line = lines.read()) {
            last = line;
        }
        assertThat(last).contains("goodbye");
        assertThat(lines.closeCode()).isEqualTo(1001);
        assertThat(connected.socket().getInputStream().read()).isEqualTo(-1);
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        connected.socket().close();
        assertClean(report.join(), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aRequestThatIsUnderWayIsAnsweredWhole(String version) throws Exception {
        Connected connected = http(version);
        var client = new HttpSocket(connected.socket())
                .send(
                        "PUT /v1/documents/a/k",
                        clients.bearer("desk"),
                        "Content-Type: application/json",
                        "Content-Length: 1");
        Await.until(() -> server.connections().open() == 1);

        CompletableFuture<DrainReport> report = drain();
        Await.until(() -> server.drainStatus().phase() != DrainPhase.RUNNING);
        client.sendRaw("1");

        assertThat(client.response().closes()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        connected.socket().close();
        assertClean(report.join(), 1);
    }
}
