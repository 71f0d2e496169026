package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.document.Addresses;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Selection;
import io.tidegate.ledger.Verb;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shutdown, close and abort of single connections, as the clients' sockets and the kernel see them. */
@Timeout(120)
class VerbsTest {

    private static final int UPDATES = 200;
    private static final String VALUE = "\"" + "x".repeat(100_000) + "\"";

    /** An abort does not know how far a piece got that was under way; see the ledger's description. */
    private static final int PIECE_BYTES = 512;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // started before each test
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        // A client that has got its FIN is not let go while the test looks at it.
        server = TestServer.start(
                directory, "tidegate.drain.timeout = 15 s", "tidegate.connection.delivered-linger = 1 h");
    }

    @AfterEach
    void stop() {
        server.force("test over");
        server.close();
    }

    /** 20 MB: more than the kernel buffers of both sides hold. */
    private void publish() {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < UPDATES; i++) {
            last = server.publish(Change.put("big", "k" + i, VALUE)).toCompletableFuture();
        }
        last.join();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private ConnectionStatus status(Witness client) {
        return listed(client).orElseThrow();
    }

    private Optional<ConnectionStatus> listed(Witness client) {
        return join(server.connections().list()).stream()
                .filter(status -> status.peer().equals(client.address()))
                .findAny();
    }

    private void await(Witness client, Predicate<ConnectionStatus> condition) {
        Await.until(() -> condition.test(status(client)));
    }

    private LedgerEntry ended(Witness client) {
        Await.until(() -> entries(client).size() == 1);
        return entries(client).get(0);
    }

    private List<LedgerEntry> entries(Witness client) {
        return server.connections().ended(100).stream()
                .filter(entry -> entry.peer().equals(client.address()))
                .toList();
    }

    private Witness follower(int receiveBufferBytes) throws Exception {
        Witness client = new Witness(server, receiveBufferBytes).send("updates").await("subscribed");
        Await.until(() -> listed(client).isPresent());
        return client;
    }

    /** A follower with megabytes pending that reads nothing, in the middle of a write. */
    private Witness stuckFollower() throws Exception {
        Witness client = follower(Witness.SMALL_BUFFER);
        publish();
        awaitStuck(client);
        return client;
    }

    private void awaitStuck(Witness client) {
        await(
                client,
                status -> status.sent().bytesUnsent() > 0 && status.stuck().toMillis() > 100);
    }

    private static void assertEnd(LedgerEntry entry, Outcome outcome, CloseReason reason) {
        assertThat(entry.ending().outcome()).isEqualTo(outcome);
        assertThat(entry.ending().reason()).isEqualTo(reason);
    }

    /** The client read to the end of the stream: what it counted is what the ledger has. */
    private static void assertTruthful(LedgerEntry entry, Witness client) {
        assertThat(entry.ending().sent().bytes()).isEqualTo(client.bytes());
        assertThat(entry.ending().sent().updates()).isEqualTo(client.updates());
        assertThat(entry.ending().sent().lastSeq()).isEqualTo(client.lastSeq());
    }

    // ---- shutdown

    @Test
    void shutdownDeliversEveryPendingByteAGoodbyeAndFin() throws Exception {
        try (Witness client = stuckFollower();
                Witness other = follower(0)) {
            assertThat(join(server.connections().shutdown(status(client).id()))).isTrue();

            await(client, status -> status.state() == ConnectionStatus.State.DRAINING);
            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);
            client.leave();

            assertThat(client.updates()).isEqualTo(UPDATES);
            assertThat(client.lastLine()).contains("\"goodbye\",\"reason\":\"shutdown\"", "\"reconnectAfterMs\":0}");
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.SHUTDOWN);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isZero();
            assertThat(status(other).state()).isEqualTo(ConnectionStatus.State.OPEN);
        }
    }

    @Test
    void shutdownOfAnIdleClientIsAGoodbyeAtOnce() throws Exception {
        try (Witness client = follower(0)) {
            join(server.connections().shutdown(status(client).id()));

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            assertThat(client.lastLine()).contains("goodbye");
            assertTruthful(ended(client), client);
        }
    }

    // ---- close

    @Test
    void closeDeliversWhatTheKernelHasThenFin() throws Exception {
        try (Witness client = stuckFollower()) {
            long before = status(client).sent().bytes();

            assertThat(join(server.connections().close(status(client).id()))).isTrue();

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            assertThat(client.bytes()).isBetween(before, before + PIECE_BYTES);
            assertThat(client.updates()).isBetween(1L, UPDATES - 1L);
            assertThat(client.lastLine()).doesNotContain("goodbye");
            assertThat(client.isCutWithinLine()).isTrue();
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.CLOSED);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isPositive();
            assertThat(KernelTable.hasTimeWait(client.address(), server.tcpAddress()))
                    .as("who closes first waits: the table shows what an abort does not leave")
                    .isTrue();
        }
    }

    @Test
    void closeOfAnIdleClientIsFinAtOnce() throws Exception {
        try (Witness client = follower(0)) {
            join(server.connections().close(status(client).id()));

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.CLOSED);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isZero();
        }
    }

    // ---- abort, in every state

    private LedgerEntry abort(Witness client) {
        assertThat(join(server.connections().abort(status(client).id()))).isTrue();
        LedgerEntry entry = ended(client);
        assertEnd(entry, Outcome.ABORTED, CloseReason.ABORTED);
        return entry;
    }

    private void assertNoTimeWait(Witness client) throws Exception {
        client.leave();
        assertThat(KernelTable.hasTimeWait(client.address(), server.tcpAddress()))
                .isFalse();
    }

    @Test
    void abortResetsAnIdleClient() throws Exception {
        try (Witness client = follower(0)) {
            LedgerEntry entry = abort(client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    /** It had been sent more than it read. */
    private void assertCut(LedgerEntry entry, Witness client) throws Exception {
        assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
        assertThat(client.bytes()).isLessThanOrEqualTo(entry.ending().sent().bytes() + PIECE_BYTES);
        assertThat(client.updates())
                .isLessThanOrEqualTo(entry.ending().sent().updates() + 1)
                .isLessThan(UPDATES);
        assertThat(entry.ending().sent().bytesUnsent()).isPositive();
        assertNoTimeWait(client);
    }

    @Test
    void abortCutsAWriteToAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            assertCut(abort(client), client);
        }
    }

    @Test
    void abortCutsAShutdownOfAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            join(server.connections().shutdown(status(client).id()));
            await(client, status -> status.state() == ConnectionStatus.State.DRAINING);

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortCutsACloseOfAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            join(server.connections().close(status(client).id()));

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortResetsAClientThatClosedItsSideFirst() throws Exception {
        try (Witness client = follower(0)) {
            client.halfClose();
            server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
            client.awaitUpdates(1);

            LedgerEntry entry = abort(client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    @Test
    void abortCutsAWriteToAStuckClientThatClosedItsSideFirst() throws Exception {
        try (Witness client = follower(Witness.SMALL_BUFFER)) {
            client.halfClose();
            publish();
            awaitStuck(client);

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortResetsAClientWhoseFinIsWaitedFor() throws Exception {
        try (Witness client = follower(0)) {
            client.send("quit");
            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);

            LedgerEntry entry = abort(client);

            assertThatThrownBy(() -> client.send("late")).isInstanceOf(SocketException.class);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    @Test
    void abortResetsAClientThatReadsNeitherDataNorFin() throws Exception {
        try (Witness client = new Witness(server, 0)) {
            client.send("quit");
            Await.until(() -> listed(client).isPresent());
            await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);

            LedgerEntry entry = abort(client);

            client.readToEnd();
            assertThatThrownBy(() -> client.send("late")).isInstanceOf(SocketException.class);
            assertThat(client.bytes()).isLessThanOrEqualTo(entry.ending().sent().bytes());
            assertNoTimeWait(client);
        }
    }

    // ---- deadline

    @Test
    void aClientThatNeverReadsIsAbortedAtTheDeadlineOfItsShutdown() throws Exception {
        server.close();
        server = TestServer.start(directory, "tidegate.drain.timeout = 500 ms");
        try (Witness client = stuckFollower()) {
            join(server.connections().shutdown(status(client).id()));

            assertEnd(ended(client), Outcome.ABORTED, CloseReason.DEADLINE);
            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
        }
    }

    // ---- many at once, and over JMX

    @Test
    void anOrderForNobodySaysSo() {
        assertThat(join(server.connections().shutdown(4711))).isFalse();
        assertThat(join(server.connections().end(new Selection.Listener("none"), Verb.ABORT)))
                .isZero();
    }

    @Test
    void aServerThatHasEndedFailsTheQuestionAndStillHasItsLedger() throws Exception {
        Witness client = follower(0);
        server.force("test");
        server.close();
        client.leave();

        assertThat(server.connections().list().toCompletableFuture()).isCompletedExceptionally();
        assertThat(entries(client)).hasSize(1);
    }

    @Test
    void allOfAListenerAreShutDownWithSlots() throws Exception {
        try (Witness first = follower(0);
                Witness second = follower(0)) {
            assertThat(join(server.connections().end(new Selection.Listener("tcp"), Verb.SHUTDOWN)))
                    .isEqualTo(2);

            assertThat(first.readToEnd()).isEqualTo(Witness.End.FIN);
            assertThat(second.readToEnd()).isEqualTo(Witness.End.FIN);
            assertThat(List.of(first.lastLine(), second.lastLine()))
                    .anySatisfy(line -> assertThat(line).endsWith("\"reconnectAfterMs\":0}"))
                    .anySatisfy(line -> assertThat(line).endsWith("\"reconnectAfterMs\":1}"));
        }
    }

    @Test
    void jmxListsTheConnectionsAndEndsThem() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.tidegate:type=Connections");
        try (Witness first = follower(0);
                Witness second = follower(0);
                Witness third = follower(0)) {
            assertThat(beans.getAttribute(name, "Open")).isEqualTo(3L);
            CompositeData[] open = (CompositeData[]) beans.invoke(name, "list", new Object[0], new String[0]);
            assertThat(open)
                    .extracting(row -> row.get("peer"))
                    .containsExactly(shown(first), shown(second), shown(third));
            assertThat(open[0].getCompositeType().keySet())
                    .containsExactlyInAnyOrder(
                            "id",
                            "peer",
                            "listener",
                            "transport",
                            "userAgent",
                            "openedAt",
                            "ageMillis",
                            "state",
                            "follows",
                            "progress",
                            "seq",
                            "lag",
                            "bytesSent",
                            "bytesUnsent",
                            "updatesSent",
                            "lastSeq",
                            "stuckMillis");

            invoke(beans, name, "shutdown", long.class, open[0].get("id"), true);
            assertThat(first.readToEnd()).isEqualTo(Witness.End.FIN);
            first.leave();
            ended(first);
            invoke(beans, name, "close", long.class, open[1].get("id"), true);
            assertThat(second.readToEnd()).isEqualTo(Witness.End.FIN);
            second.leave();
            ended(second);
            invoke(beans, name, "abort", long.class, 4711L, false);
            invoke(beans, name, "abortRemote", String.class, shown(third), 1);
            assertThat(third.readToEnd()).isEqualTo(Witness.End.RESET);
            ended(third);

            CompositeData[] ended = (CompositeData[])
                    beans.invoke(name, "ended", new Object[] {10}, new String[] {int.class.getName()});
            assertThat(ended)
                    .extracting(row -> row.get("outcome") + " " + row.get("reason"))
                    .containsExactly("completed shutdown", "completed closed", "aborted aborted");
            assertThat(ended)
                    .extracting(row -> row.get("bytesSent"))
                    .containsExactly(first.bytes(), second.bytes(), third.bytes());
            assertThat(beans.getAttribute(name, "Completed")).isEqualTo(2L);
            assertThat(beans.getAttribute(name, "Aborted")).isEqualTo(1L);
        }
    }

    private static String shown(Witness client) {
        return Addresses.shown(client.address());
    }

    private static void invoke(
            MBeanServer beans, ObjectName name, String operation, Class<?> type, Object argument, Object answer)
            throws Exception {
        assertThat(beans.invoke(name, operation, new Object[] {argument}, new String[] {type.getName()}))
                .isEqualTo(answer);
    }
}
