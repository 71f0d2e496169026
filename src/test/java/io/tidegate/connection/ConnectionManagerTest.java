package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.UnhandledMessage;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import io.tidegate.connection.ConnectionManager.AbortAll;
import io.tidegate.connection.ConnectionManager.Command;
import io.tidegate.connection.ConnectionManager.Drain;
import io.tidegate.connection.ConnectionManager.End;
import io.tidegate.connection.ConnectionManager.GetHub;
import io.tidegate.connection.ConnectionManager.GetOpen;
import io.tidegate.connection.ConnectionManager.Opened;
import io.tidegate.feed.Hub;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drain, deadline and last resort, with connections that end when the test says so. */
class ConnectionManagerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int RECONNECTS_PER_SECOND = 4;
    private static final Sent SENT = new Sent(100, 5, 3, 42);
    private static final Duration DEADLINE = Duration.ofSeconds(7);
    private static final Ending ENDING =
            new Ending(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, new Sent(0, 0, 0, 0));

    private static final class FakeConnection implements Connection {

        private final long id;
        private final CompletableFuture<Ending> ended = new CompletableFuture<>();
        private final Queue<Duration> shutdowns = new ConcurrentLinkedQueue<>();
        private final Queue<CloseReason> aborts = new ConcurrentLinkedQueue<>();
        private final Queue<Long> checks = new ConcurrentLinkedQueue<>();
        private final AtomicInteger closes = new AtomicInteger();
        private final AtomicInteger destroyed = new AtomicInteger();
        private volatile boolean released = true;
        private volatile boolean heedsAborts = true;

        FakeConnection(long id) {
            this.id = id;
        }

        void end(Ending.Outcome outcome) {
            ended.complete(new Ending(outcome, CloseReason.SHUTDOWN, 10, SENT));
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + (int) id);
        }

        @Override
        public String listener() {
            return id % 2 == 0 ? "even" : "odd";
        }

        @Override
        public Instant openedAt() {
            return Instant.EPOCH;
        }

        @Override
        public ConnectionStatus status() {
            return new ConnectionStatus(
                    id,
                    remoteAddress(),
                    listener(),
                    openedAt(),
                    ConnectionStatus.State.OPEN,
                    new Sent(0, 0, 0, 0),
                    Duration.ZERO);
        }

        @Override
        public void shutdown(Duration reconnectAfter) {
            shutdowns.add(reconnectAfter);
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }

        @Override
        public void abort(CloseReason reason) {
            aborts.add(reason);
            if (heedsAborts) {
                end(Ending.Outcome.ABORTED);
            }
        }

        @Override
        public void destroy() {
            destroyed.incrementAndGet();
            released = true;
            end(Ending.Outcome.ABORTED);
        }

        @Override
        public CompletionStage<Ending> ended() {
            return ended;
        }

        @Override
        public boolean isReleased() {
            return released;
        }

        @Override
        public void check(long nowNanos) {
            checks.add(nowNanos);
        }
    }

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());

    private final TestProbe<LedgerTotals> drained = TEST_KIT.createTestProbe(LedgerTotals.class);
    private final TestProbe<Hub> hubs = TEST_KIT.createTestProbe(Hub.class);
    private final TestProbe<UnhandledMessage> unhandled = TEST_KIT.createTestProbe(UnhandledMessage.class);
    private final Hub hub = new Hub(new Hub.Settings(16, 1 << 20), 7);
    private final Ledger ledger = new Ledger(10);
    private final ActorRef<Command> manager = TEST_KIT.spawn(ConnectionManager.create(hub, ledger));

    @BeforeEach
    void watchUnhandledMessages() {
        Adapter.toClassic(TEST_KIT.system())
                .eventStream()
                .subscribe(Adapter.toClassic(unhandled.ref()), UnhandledMessage.class);
        settle();
    }

    @AfterEach
    void stop() {
        settle();
        unhandled.expectNoMessage(Duration.ZERO);
        TEST_KIT.stop(manager);
    }

    @AfterAll
    static void shutDown() {
        TEST_KIT.shutdownTestKit();
    }

    /** Returns when the manager has handled all that it was sent before, and what it then sent to itself. */
    private void settle() {
        for (int round = 0; round < 2; round++) {
            manager.tell(new GetHub(hubs.ref()));
            assertThat(hubs.receiveMessage()).isSameAs(hub);
        }
    }

    private FakeConnection opened(long id) {
        var connection = new FakeConnection(id);
        manager.tell(new Opened(connection));
        settle();
        return connection;
    }

    private List<FakeConnection> opened(long firstId, int count) {
        List<FakeConnection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(opened(firstId + i));
        }
        return connections;
    }

    private void drain(Duration spread) {
        manager.tell(new Drain(TIMEOUT, spread, RECONNECTS_PER_SECOND, drained.ref()));
        settle();
    }

    private void drain() {
        drain(Duration.ZERO);
    }

    private void expectDrained(long completed, long aborted, long resetByPeer) {
        expectDrained(drained, completed, aborted, resetByPeer);
    }

    private static void expectDrained(TestProbe<LedgerTotals> probe, long completed, long aborted, long resetByPeer) {
        LedgerTotals totals = probe.receiveMessage();
        assertThat(List.of(totals.completed(), totals.aborted(), totals.resetByPeer()))
                .containsExactly(completed, aborted, resetByPeer);
    }

    private void passes(Duration duration) {
        TIME.timePasses(duration);
        settle();
    }

    private static List<Duration> shutdowns(List<FakeConnection> connections) {
        return connections.stream()
                .flatMap(connection -> connection.shutdowns.stream())
                .sorted()
                .toList();
    }

    // ---- drain

    @Test
    void aDrainWithoutConnectionsIsAnsweredAtOnce() {
        drain();

        expectDrained(0, 0, 0);
    }

    @Test
    void aDrainShutsEveryConnectionDownAndIsAnsweredWhenAllHaveEnded() {
        List<FakeConnection> connections = opened(1, 3);

        drain();
        assertThat(connections).allSatisfy(each -> assertThat(each.shutdowns).hasSize(1));
        connections.get(0).end(Ending.Outcome.COMPLETED);
        connections.get(1).end(Ending.Outcome.RESET_BY_PEER);
        settle();
        drained.expectNoMessage(Duration.ZERO);
        connections.get(2).end(Ending.Outcome.COMPLETED);

        expectDrained(2, 0, 1);
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).isEmpty());
    }

    @Test
    void connectionsThatOutliveTheDeadlineAreAborted() {
        List<FakeConnection> connections = opened(1, 3);
        drain();
        connections.get(0).end(Ending.Outcome.COMPLETED);

        passes(TIMEOUT.minusMillis(1));
        assertThat(connections.get(1).aborts).isEmpty();
        passes(Duration.ofMillis(1));

        assertThat(connections.get(0).aborts).isEmpty();
        assertThat(connections.get(1).aborts).containsExactly(CloseReason.DEADLINE);
        expectDrained(1, 2, 0);
    }

    @Test
    void endsBeforeTheDrainAreNotItsOwn() {
        List<FakeConnection> connections = opened(1, 3);
        connections.get(0).end(Ending.Outcome.COMPLETED);
        connections.get(1).end(Ending.Outcome.RESET_BY_PEER);
        settle();

        drain();
        connections.get(2).end(Ending.Outcome.COMPLETED);

        expectDrained(1, 0, 0);
    }

    @Test
    void aConnectionThatOpensDuringTheDrainIsShutDownAtOnce() {
        FakeConnection first = opened(1);
        drain();

        FakeConnection late = opened(2);
        assertThat(late.shutdowns).hasSize(1);
        first.end(Ending.Outcome.COMPLETED);
        settle();
        drained.expectNoMessage(Duration.ZERO);
        late.end(Ending.Outcome.COMPLETED);

        expectDrained(2, 0, 0);
    }

    @Test
    void aConnectionThatOpensDuringTheDrainIsAbortedAtTheDeadlineToo() {
        drain();
        expectDrained(0, 0, 0);

        FakeConnection late = opened(1);
        passes(TIMEOUT);

        assertThat(late.shutdowns).hasSize(1);
        assertThat(late.aborts).containsExactly(CloseReason.DEADLINE);
    }

    @Test
    void aConnectionThatOpensAfterTheDeadlineIsAborted() {
        FakeConnection first = opened(1);
        drain();
        passes(TIMEOUT);
        expectDrained(0, 1, 0);

        FakeConnection late = opened(2);

        assertThat(first.aborts).hasSize(1);
        assertThat(late.aborts).hasSize(1);
    }

    @Test
    void everyDrainIsAnswered() {
        FakeConnection connection = opened(1);
        TestProbe<LedgerTotals> second = TEST_KIT.createTestProbe(LedgerTotals.class);
        drain();

        manager.tell(new Drain(Duration.ofHours(1), Duration.ofHours(1), 1, second.ref()));
        settle();
        assertThat(connection.shutdowns).hasSize(1);
        passes(TIMEOUT);
        expectDrained(0, 1, 0);
        expectDrained(second, 0, 1, 0);
        drain();

        expectDrained(0, 1, 0);
    }

    // ---- spread and slots

    @Test
    void clientsAreInvitedBackInSlots() {
        List<FakeConnection> connections = opened(1, 3);
        drain();
        connections.add(opened(4));

        assertThat(shutdowns(connections))
                .containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(750));
    }

    @Test
    void shutdownsAreSpread() {
        List<FakeConnection> connections = opened(1, 50);

        drain(Duration.ofHours(1));
        passes(Duration.ofMillis(10));

        assertThat(shutdowns(connections).size()).isLessThanOrEqualTo(1);
    }

    @Test
    void whenTheSpreadIsOverAllAreShutDown() {
        List<FakeConnection> connections = opened(1, 50);
        long begin = System.nanoTime();
        drain(Duration.ofMillis(100));

        while (System.nanoTime() - begin < Duration.ofMillis(100).toNanos()) {
            passes(Duration.ofMillis(10));
        }
        passes(Duration.ofMillis(10));

        assertThat(connections).allSatisfy(each -> assertThat(each.shutdowns).hasSize(1));
    }

    @Test
    void theDeadlineCutsTheSpreadShort() {
        List<FakeConnection> connections = opened(1, 5);
        drain(Duration.ofHours(1));

        passes(TIMEOUT);

        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).containsExactly(CloseReason.DEADLINE));
        expectDrained(0, 5, 0);
    }

    // ---- sockets

    @Test
    void aDrainWaitsUntilTheSocketsAreReleased() {
        FakeConnection connection = opened(1);
        connection.released = false;
        drain();

        connection.end(Ending.Outcome.COMPLETED);
        passes(Duration.ofMillis(10));
        passes(Duration.ofMillis(10));
        drained.expectNoMessage(Duration.ZERO);
        assertThat(ledger.open()).isEqualTo(1);
        connection.released = true;
        passes(Duration.ofMillis(10));

        expectDrained(1, 0, 0);
        assertThat(connection.destroyed).hasValue(0);
        assertThat(ledger.open()).isZero();
    }

    @Test
    void aSocketThatIsNeverReleasedIsTakenAway() throws Exception {
        FakeConnection connection = opened(1);
        connection.released = false;

        connection.end(Ending.Outcome.COMPLETED);
        settle();
        // A hundred looks from the first one; ManualTime takes 100 ms for each, so this begins with the last but
        // one.
        manager.tell(command("Ended", connection, ENDING, 99));
        settle();
        assertThat(connection.destroyed).hasValue(0);
        passes(Duration.ofMillis(10));

        assertThat(connection.destroyed).hasValue(1);
        assertThat(ledger.open()).isZero();
        assertThat(ledger.totals().aborted()).as("its tail was cut").isEqualTo(1);
    }

    /** One of the manager's private messages. */
    private static Command command(String name, Object... arguments) throws ReflectiveOperationException {
        Class<?> command = commands().stream()
                .filter(each -> each.getSimpleName().equals(name))
                .findAny()
                .orElseThrow();
        return instance(command, arguments);
    }

    private static Command instance(Class<?> command, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = command.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return (Command) constructor.newInstance(arguments);
    }

    @Test
    void theLastResortDestroysWhatAnAbortDoesNotEnd() {
        FakeConnection deaf = opened(1);
        deaf.heedsAborts = false;
        drain();

        passes(TIMEOUT);
        assertThat(deaf.aborts).containsExactly(CloseReason.DEADLINE);
        assertThat(deaf.destroyed).hasValue(0);
        passes(Duration.ofMillis(500));

        assertThat(deaf.destroyed).hasValue(1);
        expectDrained(0, 1, 0);
    }

    // ---- the rest

    @Test
    void abortAllAbortsEveryConnectionWithItsReason() {
        List<FakeConnection> connections = opened(1, 3);

        manager.tell(new AbortAll(CloseReason.ABORTED));
        settle();

        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).containsExactly(CloseReason.ABORTED));
        assertThat(ledger.totals().aborted()).isEqualTo(3);
        assertThat(ledger.open()).isZero();
    }

    @Test
    void abortAllEndsADrain() {
        List<FakeConnection> connections = opened(1, 3);
        drain(Duration.ofHours(1));

        manager.tell(new AbortAll(CloseReason.ABORTED));

        expectDrained(0, 3, 0);
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).hasSize(1));
    }

    @Test
    void theSweepChecksEveryConnectionEachSecond() {
        FakeConnection first = opened(1);
        FakeConnection second = opened(2);

        passes(Duration.ofSeconds(1));
        second.end(Ending.Outcome.COMPLETED);
        settle();
        passes(Duration.ofSeconds(1));

        assertThat(first.checks).hasSize(2);
        assertThat(second.checks).hasSize(1);
    }

    @Test
    void theSweepGoesOnDuringADrain() {
        FakeConnection connection = opened(1);
        drain();

        passes(Duration.ofSeconds(1));

        assertThat(connection.checks).hasSize(1);
    }

    @Test
    void connectionsAreCounted() {
        List<FakeConnection> connections = opened(1, 4);
        assertThat(ledger.open()).isEqualTo(4);

        connections.get(0).end(Ending.Outcome.COMPLETED);
        connections.get(1).end(Ending.Outcome.ABORTED);
        connections.get(2).end(Ending.Outcome.RESET_BY_PEER);
        settle();

        assertThat(ledger.open()).isEqualTo(1);
        assertThat(ledger.totals().completed()).isEqualTo(1);
        assertThat(ledger.totals().aborted()).isEqualTo(1);
        assertThat(ledger.totals().resetByPeer()).isEqualTo(1);
    }

    // ---- the three verbs

    private int end(Selection which, Verb how) {
        TestProbe<Integer> counted = TEST_KIT.createTestProbe(Integer.class);
        manager.tell(new End(which, how, DEADLINE, RECONNECTS_PER_SECOND, counted.ref()));
        return counted.receiveMessage();
    }

    @Test
    void eachVerbGoesToTheConnectionWithThatId() {
        List<FakeConnection> connections = opened(1, 4);

        assertThat(end(new Selection.Id(1), Verb.SHUTDOWN)).isEqualTo(1);
        assertThat(end(new Selection.Id(2), Verb.CLOSE)).isEqualTo(1);
        assertThat(end(new Selection.Id(3), Verb.ABORT)).isEqualTo(1);
        assertThat(end(new Selection.Id(5), Verb.ABORT)).isZero();

        assertThat(connections.get(0).shutdowns).containsExactly(Duration.ZERO);
        assertThat(connections.get(1).closes).hasValue(1);
        assertThat(connections.get(2).aborts).containsExactly(CloseReason.ABORTED);
        assertThat(connections.get(3).shutdowns).isEmpty();
        assertThat(connections.get(3).closes).hasValue(0);
        assertThat(connections.get(3).aborts).isEmpty();
    }

    @Test
    void allOfAListenerAreShutDownAndInvitedBackInSlots() {
        List<FakeConnection> connections = opened(1, 5);

        assertThat(end(new Selection.Listener("odd"), Verb.SHUTDOWN)).isEqualTo(3);

        assertThat(shutdowns(connections))
                .containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(connections.get(1).shutdowns).isEmpty();
    }

    @Test
    void allFromAnAddressAreAbortedOrTheOneWithThatPort() {
        List<FakeConnection> connections = opened(1, 3);

        assertThat(end(Selection.Remote.parse("127.0.0.1:1002"), Verb.ABORT)).isEqualTo(1);
        assertThat(connections.get(1).aborts).hasSize(1);
        assertThat(end(Selection.Remote.parse("127.0.0.2"), Verb.ABORT)).isZero();
        settle();
        assertThat(end(Selection.Remote.parse("127.0.0.1"), Verb.ABORT)).isEqualTo(2);
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).hasSize(1));
    }

    @Test
    void whatDoesNotEndByTheDeadlineOfItsShutdownIsAborted() {
        List<FakeConnection> connections = opened(1, 3);
        end(new Selection.Id(1), Verb.SHUTDOWN);
        end(new Selection.Id(2), Verb.CLOSE);

        passes(DEADLINE.minusMillis(1));
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).isEmpty());
        passes(Duration.ofMillis(1));

        assertThat(connections.get(0).aborts).containsExactly(CloseReason.DEADLINE);
        assertThat(connections.get(1).aborts).containsExactly(CloseReason.DEADLINE);
        assertThat(connections.get(2).aborts).isEmpty();
    }

    @Test
    void theOpenConnectionsAreListed() {
        opened(1, 3).get(1).end(Ending.Outcome.COMPLETED);
        settle();
        var listed = TEST_KIT.<List<ConnectionStatus>>createTestProbe();

        manager.tell(new GetOpen(listed.ref()));

        assertThat(listed.receiveMessage()).extracting(ConnectionStatus::id).containsExactlyInAnyOrder(1L, 3L);
    }

    // ---- the ledger

    @Test
    void whatEndedIsInTheLedgerAndItsSums() {
        List<FakeConnection> connections = opened(1, 2);

        connections.get(1).end(Ending.Outcome.ABORTED);
        settle();
        connections.get(0).end(Ending.Outcome.COMPLETED);
        settle();

        assertThat(ledger.newest(10)).extracting(LedgerEntry::id).containsExactly(2L, 1L);
        assertThat(ledger.newest(1)).singleElement().satisfies(entry -> {
            assertThat(entry.peer()).isEqualTo(connections.get(0).remoteAddress());
            assertThat(entry.listener()).isEqualTo("odd");
            assertThat(entry.openedAt()).isEqualTo(Instant.EPOCH);
            assertThat(entry.endedAt()).isAfter(Instant.EPOCH);
            assertThat(entry.ending()).isEqualTo(new Ending(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 10, SENT));
        });
        assertThat(ledger.totals()).isEqualTo(new LedgerTotals(1, 1, 0, 200, 10, 6, Map.of(CloseReason.SHUTDOWN, 2L)));
    }

    @Test
    void theLedgerKeepsTheNewestAndCountsAll() {
        for (FakeConnection connection : opened(1, 12)) {
            connection.end(Ending.Outcome.COMPLETED);
            settle();
        }

        assertThat(ledger.newest(100))
                .extracting(LedgerEntry::id)
                .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(ledger.newest(0)).isEmpty();
        assertThat(ledger.totals().ended()).isEqualTo(12);
    }

    static List<Class<?>> commands() {
        return Arrays.asList(Command.class.getPermittedSubclasses());
    }

    /** Java 17 does not check a receive table for completeness. */
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsHandled(Class<? extends Command> command) throws Exception {
        Constructor<?> constructor = command.getDeclaredConstructors()[0];
        constructor.setAccessible(true);

        manager.tell((Command) constructor.newInstance(
                Arrays.stream(constructor.getParameters()).map(this::example).toArray()));
        settle();

        unhandled.expectNoMessage(Duration.ZERO);
    }

    private Object example(Parameter parameter) {
        Class<?> type = parameter.getType();
        if (type == Connection.class) {
            return new FakeConnection(1);
        } else if (type == ActorRef.class) {
            return TEST_KIT.createTestProbe().ref();
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        } else if (type == int.class) {
            return 1;
        } else if (type == CloseReason.class) {
            return CloseReason.ABORTED;
        } else if (type == Selection.class) {
            return new Selection.Id(1);
        } else if (type == Verb.class) {
            return Verb.SHUTDOWN;
        } else if (type == List.class) {
            return List.of(1L);
        } else if (type == Ending.class) {
            return ENDING;
        }
        throw new AssertionError("this test needs an example of " + parameter);
    }
}
