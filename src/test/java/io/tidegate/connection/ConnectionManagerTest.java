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
import io.tidegate.connection.ConnectionManager.Drained;
import io.tidegate.connection.ConnectionManager.GetHub;
import io.tidegate.connection.ConnectionManager.Opened;
import io.tidegate.feed.Hub;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private static final Ending ENDING = new Ending(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0, 0);

    private static final class FakeConnection implements Connection {

        private final long id;
        private final CompletableFuture<Ending> ended = new CompletableFuture<>();
        private final Queue<Duration> shutdowns = new ConcurrentLinkedQueue<>();
        private final Queue<CloseReason> aborts = new ConcurrentLinkedQueue<>();
        private final Queue<Long> checks = new ConcurrentLinkedQueue<>();
        private final AtomicInteger destroyed = new AtomicInteger();
        private volatile boolean released = true;
        private volatile boolean heedsAborts = true;

        FakeConnection(long id) {
            this.id = id;
        }

        void end(Ending.Outcome outcome) {
            ended.complete(new Ending(outcome, CloseReason.SHUTDOWN, 0, 0, 0));
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("fake", 1);
        }

        @Override
        public void shutdown(Duration reconnectAfter) {
            shutdowns.add(reconnectAfter);
        }

        @Override
        public void close() {
            throw new AssertionError("the manager does not close");
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

    private final TestProbe<Drained> drained = TEST_KIT.createTestProbe(Drained.class);
    private final TestProbe<Hub> hubs = TEST_KIT.createTestProbe(Hub.class);
    private final TestProbe<UnhandledMessage> unhandled = TEST_KIT.createTestProbe(UnhandledMessage.class);
    private final Hub hub = new Hub(new Hub.Settings(16, 1 << 20), 7);
    private final ConnectionCounts counts = new ConnectionCounts();
    private final ActorRef<Command> manager = TEST_KIT.spawn(ConnectionManager.create(hub, counts));

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

        drained.expectMessage(new Drained(0, 0, 0));
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

        drained.expectMessage(new Drained(2, 0, 1));
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
        drained.expectMessage(new Drained(1, 2, 0));
    }

    @Test
    void endsBeforeTheDrainAreNotItsOwn() {
        List<FakeConnection> connections = opened(1, 3);
        connections.get(0).end(Ending.Outcome.COMPLETED);
        connections.get(1).end(Ending.Outcome.RESET_BY_PEER);
        settle();

        drain();
        connections.get(2).end(Ending.Outcome.COMPLETED);

        drained.expectMessage(new Drained(1, 0, 0));
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

        drained.expectMessage(new Drained(2, 0, 0));
    }

    @Test
    void aConnectionThatOpensDuringTheDrainIsAbortedAtTheDeadlineToo() {
        drain();
        drained.expectMessage(new Drained(0, 0, 0));

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
        drained.expectMessage(new Drained(0, 1, 0));

        FakeConnection late = opened(2);

        assertThat(first.aborts).hasSize(1);
        assertThat(late.aborts).hasSize(1);
    }

    @Test
    void everyDrainIsAnswered() {
        FakeConnection connection = opened(1);
        TestProbe<Drained> second = TEST_KIT.createTestProbe(Drained.class);
        drain();

        manager.tell(new Drain(Duration.ofHours(1), Duration.ofHours(1), 1, second.ref()));
        settle();
        assertThat(connection.shutdowns).hasSize(1);
        passes(TIMEOUT);
        drained.expectMessage(new Drained(0, 1, 0));
        second.expectMessage(new Drained(0, 1, 0));
        drain();

        drained.expectMessage(new Drained(0, 1, 0));
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
        drained.expectMessage(new Drained(0, 5, 0));
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
        assertThat(counts.open()).isEqualTo(1);
        connection.released = true;
        passes(Duration.ofMillis(10));

        drained.expectMessage(new Drained(1, 0, 0));
        assertThat(connection.destroyed).hasValue(0);
        assertThat(counts.open()).isZero();
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
        assertThat(counts.open()).isZero();
        assertThat(counts.aborted()).as("its tail was cut").isEqualTo(1);
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
        drained.expectMessage(new Drained(0, 1, 0));
    }

    // ---- the rest

    @Test
    void abortAllAbortsEveryConnectionWithItsReason() {
        List<FakeConnection> connections = opened(1, 3);

        manager.tell(new AbortAll(CloseReason.ABORTED));
        settle();

        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).containsExactly(CloseReason.ABORTED));
        assertThat(counts.aborted()).isEqualTo(3);
        assertThat(counts.open()).isZero();
    }

    @Test
    void abortAllEndsADrain() {
        List<FakeConnection> connections = opened(1, 3);
        drain(Duration.ofHours(1));

        manager.tell(new AbortAll(CloseReason.ABORTED));

        drained.expectMessage(new Drained(0, 3, 0));
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
        assertThat(counts.open()).isEqualTo(4);

        connections.get(0).end(Ending.Outcome.COMPLETED);
        connections.get(1).end(Ending.Outcome.ABORTED);
        connections.get(2).end(Ending.Outcome.RESET_BY_PEER);
        settle();

        assertThat(counts.open()).isEqualTo(1);
        assertThat(counts.completed()).isEqualTo(1);
        assertThat(counts.aborted()).isEqualTo(1);
        assertThat(counts.resetByPeer()).isEqualTo(1);
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
        } else if (type == Ending.class) {
            return ENDING;
        }
        throw new AssertionError("this test needs an example of " + parameter);
    }
}
