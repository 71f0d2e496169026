package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ledger against what real clients saw. */
@Timeout(120)
class LedgerTest extends WayFixture {

    private static final int UPDATES = 100;
    private static final String VALUE = "\"" + "x".repeat(100_000) + "\"";

    private final List<Witness> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws Exception {
        for (Witness client : clients) {
            client.close();
        }
    }

    private Witness client(int receiveBufferBytes) throws Exception {
        var client = way.witness(server, receiveBufferBytes);
        clients.add(client);
        return client;
    }

    private Witness follower(String request, int receiveBufferBytes) throws Exception {
        return client(receiveBufferBytes).send(request).await("subscribed");
    }

    /** Every other one goes into another collection. */
    private void publish(int count) {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < count; i++) {
            last = server.publish(Change.put(i % 2 == 0 ? "even" : "odd", "k" + i, VALUE))
                    .toCompletableFuture();
        }
        last.join();
    }

    private LedgerEntry ended(Witness client) {
        Await.until(() -> !entries(client).isEmpty());
        assertThat(entries(client)).hasSize(1);
        return entries(client).get(0);
    }

    /** The same, however long it takes to be found. */
    private LedgerEntry endedInTime(Witness client) {
        return time.flowsWhile(() -> ended(client));
    }

    private List<LedgerEntry> entries(Witness client) {
        return server.connections().ended(100).stream()
                .filter(entry -> entry.peer().equals(client.address()))
                .toList();
    }

    private LedgerEntry ended(Witness client, Outcome outcome, CloseReason reason) {
        LedgerEntry entry = endedInTime(client);
        assertThat(entry.ending().outcome()).isEqualTo(outcome);
        assertThat(entry.ending().reason()).isEqualTo(reason);
        return entry;
    }

    private static void assertExact(LedgerEntry entry, Witness client) {
        assertThat(entry.ending().sent()).isEqualTo(new Sent(client.bytes(), 0, client.updates(), client.lastSeq()));
    }

    /** The kernel took more than such a client read, and the ledger cannot know how much of it arrived. */
    private static void assertNoLessThanSeen(LedgerEntry entry, Witness client) {
        Sent sent = entry.ending().sent();
        assertThat(sent.bytes()).isGreaterThanOrEqualTo(client.bytes());
        assertThat(sent.updates()).isBetween(client.updates(), (long) UPDATES);
        assertThat(sent.lastSeq()).isGreaterThanOrEqualTo(client.lastSeq());
    }

    @Test
    void clientsThatReadToTheEndGotExactlyWhatTheLedgerHas() throws Exception {
        start();
        Instant before = Instant.now();
        publish(4);
        Witness follower = follower("follow", 0);
        Witness filtered = follower("updates odd", 0);
        Witness slow = follower("updates", Witness.SMALL_BUFFER);
        Witness halfCloser = follower("updates even", 0);
        halfCloser.halfClose();
        Witness publisher = client(0).send("put c k 1").await("accepted");
        Witness oneShot = client(0).send("sync");
        oneShot.halfClose();
        assertThat(oneShot.readToEnd()).isEqualTo(Witness.End.FIN);
        assertExact(ended(oneShot, Outcome.COMPLETED, CloseReason.PEER_CLOSED), oneShot);
        publish(UPDATES);

        var report = server.drain("test").toCompletableFuture();
        List<Witness> drained = List.of(follower, filtered, slow, halfCloser, publisher);
        for (Witness client : drained) {
            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            assertThat(client.lastLine()).contains("goodbye");
            client.close();
        }

        report.join();
        for (Witness client : drained) {
            LedgerEntry entry = ended(client, Outcome.COMPLETED, CloseReason.SHUTDOWN);
            assertExact(entry, client);
            assertThat(entry.listener()).isEqualTo("tcp");
            assertThat(entry.openedAt()).isBetween(before, entry.endedAt());
        }
        assertThat(follower.updates()).isEqualTo(UPDATES + 1);
        assertThat(filtered.updates()).isEqualTo(UPDATES / 2);
        assertThat(filtered.lastSeq()).isEqualTo(server.position().seq());
        assertThat(halfCloser.updates()).isEqualTo(UPDATES / 2);
        assertThat(halfCloser.lastSeq()).isEqualTo(server.position().seq() - 1);
        assertThat(publisher.updates()).isZero();
    }

    @Test
    void theDrainReportSumsTheLedger() throws Exception {
        startOnTestTime("tidegate.drain.timeout = 10 m", "tidegate.connection.stall-timeout = 1 h");
        Witness early = client(0).send("quit");
        early.readToEnd();
        early.close();
        endedInTime(early);
        Witness healthy = follower("updates", 0);
        Witness stuck = follower("updates", Witness.SMALL_BUFFER);
        publish(UPDATES);
        var drained = server.drain("test").toCompletableFuture();
        time.flowsAsUsualWhile(() -> Await.until(() -> server.drainStatus().phase() == DrainPhase.CONNECTIONS));
        healthy.readToEnd();
        healthy.close();
        endedInTime(healthy);

        time.passes(server.drainStatus().left().minusMillis(100));
        DrainReport report = time.flowsAsUsualWhile(() -> drained.join());

        var totals = report.connections();

        assertThat(totals.ended()).isEqualTo(2);
        assertThat(totals.reasons()).isEqualTo(Map.of(CloseReason.SHUTDOWN, 1L, CloseReason.DEADLINE, 1L));
        List<LedgerEntry> entries = List.of(ended(healthy), ended(stuck));
        assertThat(totals.bytesSent()).isEqualTo(sum(entries, Sent::bytes));
        assertThat(totals.bytesUnsent())
                .isEqualTo(sum(entries, Sent::bytesUnsent))
                .isPositive();
        assertThat(totals.updatesSent()).isEqualTo(sum(entries, Sent::updates));
        assertThat(server.connections().totals().ended()).isEqualTo(3);
        assertThat(report.toJson()).contains("\"reasons\":{\"shutdown\":1,\"deadline\":1}");
    }

    private static long sum(List<LedgerEntry> entries, ToLongFunction<Sent> count) {
        return entries.stream()
                .mapToLong(entry -> count.applyAsLong(entry.ending().sent()))
                .sum();
    }

    @Test
    void aClientThatNeverReadsIsAbortedAndItsBytesAreCountedAsUnsent() throws Exception {
        startOnTestTime("tidegate.connection.stall-timeout = 20 s");
        Witness stuck = follower("updates", Witness.SMALL_BUFFER);

        publish(UPDATES);

        LedgerEntry entry = ended(stuck, Outcome.ABORTED, CloseReason.STALLED);
        assertThat(entry.ending().sent().bytesUnsent()).isPositive();
        assertThat(stuck.readToEnd()).isEqualTo(Witness.End.RESET);
        assertNoLessThanSeen(entry, stuck);
        assertThat(entry.ending().sent().updates()).isLessThan(UPDATES);
    }

    @Test
    void aClientThatResetsAfterItReadEverythingGotWhatTheLedgerHas() throws Exception {
        start();
        Witness client = follower("updates", 0);
        publish(10);
        client.awaitUpdates(10);

        client.reset();

        assertExact(ended(client, Outcome.RESET_BY_PEER, CloseReason.PEER_RESET), client);
    }

    @Test
    void aClientThatResetsInTheMiddleGotNoMoreThanTheLedgerHas() throws Exception {
        start();
        Witness client = follower("updates", Witness.SMALL_BUFFER);
        publish(UPDATES);
        client.awaitUpdates(3);

        client.reset();

        LedgerEntry entry = ended(client, Outcome.RESET_BY_PEER, CloseReason.PEER_RESET);
        assertNoLessThanSeen(entry, client);
        assertThat(entry.ending().sent().bytesUnsent()).isPositive();
    }

    /** Its kernel answers what still comes with a reset, as that of a killed process. */
    @Test
    void aClientThatVanishesInTheMiddleGotNoMoreThanTheLedgerHas() throws Exception {
        start();
        Witness client = follower("updates", Witness.SMALL_BUFFER);
        publish(UPDATES);
        client.awaitUpdates(3);

        client.vanish();

        assertNoLessThanSeen(ended(client, Outcome.RESET_BY_PEER, CloseReason.PEER_RESET), client);
    }

    /** Of sockets of Java over TLS it depends on the moment what the kernel tells of that. */
    @Test
    void aClientThatClosesInTheMiddleIsNotSaidToHaveGotEverything() throws Exception {
        startOnTestTime();
        Witness client = follower("updates", Witness.SMALL_BUFFER);
        publish(UPDATES);
        client.awaitUpdates(3);

        client.close();

        LedgerEntry entry = endedInTime(client);
        assertNoLessThanSeen(entry, client);
        assertThat(entry.ending().outcome()).isNotEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aClientThatLeavesWithoutAWordIsFoundByTheNextUpdates() throws Exception {
        start();
        Witness client = follower("updates", 0);
        client.close();

        Await.until(() -> {
            publish(1);
            return !entries(client).isEmpty();
        });

        assertNoLessThanSeen(ended(client, Outcome.LEFT, CloseReason.PEER_CLOSED), client);
    }

    @Test
    void aClientThatDoesNotCloseAfterTheFinGotEverythingAndIsAborted() throws Exception {
        startOnTestTime("tidegate.connection { linger-timeout = 20 s, delivered-linger = 1 h }");
        assumeFalse(way.leavesByItself());
        Witness client = client(0).send("ping").send("quit");
        assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);

        assertExact(ended(client, Outcome.ABORTED, CloseReason.LINGERED), client);
    }

    @Test
    void aSnapshotThatIsCutCountsNoUpdates() throws Exception {
        startOnTestTime("tidegate.connection.stall-timeout = 20 s");
        publish(UPDATES);
        Witness stuck = client(Witness.SMALL_BUFFER).send("follow");

        LedgerEntry entry = ended(stuck, Outcome.ABORTED, CloseReason.STALLED);

        assertThat(entry.ending().sent().updates()).isZero();
        assertThat(entry.ending().sent().lastSeq()).isZero();
        assertThat(entry.ending().sent().bytesUnsent()).isPositive();
    }

    @Test
    void theLedgerKeepsAsManyAsItsSettingSaysAndCountsAll() throws Exception {
        start("tidegate.ledger.entries = 3");
        for (int i = 1; i <= 5; i++) {
            Witness client = client(0).send("quit");
            client.readToEnd();
            client.close();
            int ended = i;
            Await.until(() -> server.connections().totals().ended() == ended);
        }

        assertThat(server.connections().ended(100)).extracting(LedgerEntry::id).containsExactly(3L, 4L, 5L);
        assertThat(server.connections().totals().completed()).isEqualTo(5);
    }
}
