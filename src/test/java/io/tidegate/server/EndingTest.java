package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end, as the clients' sockets see it. */
@Timeout(120)
class EndingTest extends WayFixture {

    private static final int SMALL_BUFFER = 4096;

    /** More than the kernel buffers of both sides hold. */
    private void publishMegabytes(int megabytes) {
        String value = "\"" + "x".repeat(100_000) + "\"";
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < megabytes * 10; i++) {
            last = server.publish(Change.put("big", "k" + i, value)).toCompletableFuture();
        }
        last.join();
    }

    @Test
    void unreadInputAtTheEndDoesNotTurnTheFinIntoAReset() throws Exception {
        start();
        try (var client = way.client(server)) {
            String more = "put a k 1\n".repeat(50_000);
            client.send("quit\n" + more);

            assertThat(client.rest()).singleElement().asString().contains("\"goodbye\",\"reason\":\"quit\"");
        }
        Await.until(() -> server.connections().totals().completed() == 1);
    }

    @Test
    void aClientThatResetsLeavesNoTraceButACount() throws Exception {
        start();
        try (var client = way.witness(server, 0).send("follow").await("caughtup")) {
            client.reset();
        }

        Await.until(() -> server.connections().totals().resetByPeer() == 1);
        assertThat(server.connections().open()).isZero();
    }

    @Test
    void aFollowerThatIsGoneIsFoundLongBeforeItsHeartbeat() throws Exception {
        startOnTestTime("tidegate.connection.heartbeat-interval = 1 h");
        try (var client = way.client(server)) {
            client.send("updates");
            client.lines(2);
        }

        time.flowsWhile(() -> Await.until(() -> server.connections().totals().left() == 1));
    }

    @Test
    void aHalfClosedFollowerIsNotTakenForOneThatIsGone() throws Exception {
        startOnTestTime("tidegate.connection.heartbeat-interval = 1 h");
        try (var client = way.client(server)) {
            client.send("updates").halfClose();
            client.lines(2);

            time.flowsWhile(() -> assertThat(client.lines(2)).allMatch(line -> line.contains("\"heartbeat\"")));
            server.publish(Change.put("a", "k", "1")).toCompletableFuture().join();

            assertThat(client.line()).contains("\"put\"");
        }
    }

    @Test
    void drainAbortsAClientThatNeverReadsAtTheDeadlineAndNobodyElse() throws Exception {
        startOnTestTime("tidegate.drain.timeout = 10 m", "tidegate.connection.stall-timeout = 1 h");
        try (var stuck = way.client(server, SMALL_BUFFER);
                var healthy = way.client(server)) {
            stuck.send("updates");
            stuck.lines(2);
            healthy.send("updates");
            healthy.lines(2);
            var received = CompletableFuture.supplyAsync(() -> count(healthy));
            publishMegabytes(20);

            var drained = server.drain("test").toCompletableFuture();
            time.flowsAsUsualWhile(() -> Await.until(() -> server.drainStatus().phase() == DrainPhase.CONNECTIONS));
            assertThat(received.join()).isEqualTo(200 + 1);
            // Its FIN is on its way: before it is there, time must not pass.
            Await.until(() -> server.connections().totals().completed() == 1);
            time.passes(server.drainStatus().left().minusMillis(100));
            assertThat(server.connections().totals().aborted()).isZero();

            DrainReport report = time.flowsAsUsualWhile(() -> drained.join());

            assertThat(report.aborted()).isEqualTo(1);
            assertThat(report.completed()).isEqualTo(1);
            assertThatThrownBy(stuck::rest).isInstanceOf(SocketException.class);
        }
    }

    /** Reads to the end, closes, and says how many lines there were. */
    private static int count(LineClient client) {
        try {
            int lines = client.rest().size();
            client.close();
            return lines;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aStalledClientIsAbortedWhileOthersGoOn() throws Exception {
        startOnTestTime("tidegate.connection.stall-timeout = 20 s");
        try (var stuck = way.client(server, SMALL_BUFFER)) {
            stuck.send("updates");
            stuck.lines(2);

            publishMegabytes(20);

            time.flowsWhile(
                    () -> Await.until(() -> server.connections().totals().aborted() == 1));
            assertThatThrownBy(stuck::rest).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aClientThatDoesNotCloseAfterTheFinIsAbortedAfterTheLingerTimeout() throws Exception {
        startOnTestTime("tidegate.connection { linger-timeout = 20 s, delivered-linger = 1 h }");
        assumeFalse(way.leavesByItself());
        try (var client = way.client(server)) {
            client.send("quit");
            assertThat(client.rest()).hasSize(1);

            time.flowsWhile(
                    () -> Await.until(() -> server.connections().totals().aborted() == 1));
        }
    }

    @Test
    void aHalfClosedFollowerGetsEverythingUpToItsGoodbye() throws Exception {
        start();
        try (var client = way.client(server)) {
            client.send("updates").halfClose();
            client.lines(2);
            publishMegabytes(5);

            var report = server.drain("test").toCompletableFuture();

            assertThat(client.rest())
                    .filteredOn(line -> !line.contains("\"heartbeat\""))
                    .hasSize(50 + 1)
                    .last()
                    .asString()
                    .contains("\"seq\":50,");
            assertThat(report.join().completed()).isEqualTo(1);
        }
    }

    @Test
    void aLaggingFollowerIsServedFromTheLogAndLosesNothing() throws Exception {
        start("tidegate.feed.ring.bytes = 64 KiB");
        try (var follower = way.client(server, SMALL_BUFFER)) {
            follower.send("updates");
            follower.lines(2);
            publishMegabytes(20);

            for (int seq = 1; seq <= 200; seq++) {
                assertThat(follower.line()).startsWith("{\"event\":\"put\",\"seq\":" + seq + ",");
            }
        }
    }

    @Test
    @SuppressWarnings("try") // The client ends before the block does.
    void thePortIsFreeTheMomentTheServerHasEnded() throws Exception {
        start();
        InetSocketAddress address = server.tcpAddress();
        try (var client = way.client(server)) {
            client.send("follow");
            client.lines(3);
            var report = server.drain("test").toCompletableFuture();
            client.rest();
            client.close();
            report.join();

            assertThatThrownBy(() -> new LineClient(address)).isInstanceOf(ConnectException.class);
            start("tidegate.tcp.port = " + address.getPort());

            assertThat(server.tcpAddress()).isEqualTo(address);
        }
    }

    @Test
    void clientsAreStillAcceptedWhileTheEndIsAnnouncedAndForceCutsItShort() throws Exception {
        start("tidegate.drain.announce = 1 h");
        var report = server.drain("test").toCompletableFuture();
        Await.until(() -> server.drainStatus().phase() == DrainPhase.ANNOUNCING);
        try (var client = way.client(server)) {
            client.send("put a k 1");
            assertThat(client.line()).contains("accepted");

            server.force("test");

            assertThat(report.join().forced()).isTrue();
            assertThat(report.join().reason()).isEqualTo("test");
        }
    }
}
