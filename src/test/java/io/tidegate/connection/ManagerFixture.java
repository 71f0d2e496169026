package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.UnhandledMessage;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import io.tidegate.TestTime;
import io.tidegate.connection.ConnectionManager.Command;
import io.tidegate.connection.ConnectionManager.Drain;
import io.tidegate.connection.ConnectionManager.GetHub;
import io.tidegate.connection.ConnectionManager.Opened;
import io.tidegate.feed.Hub;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A manager on manual time, with connections that end when the test says so. */
abstract class ManagerFixture {

    static final Duration TIMEOUT = Duration.ofSeconds(20);
    static final int RECONNECTS_PER_SECOND = 4;
    static final Sent SENT = new Sent(100, 5, 3, 42);
    static final Duration DEADLINE = Duration.ofSeconds(7);
    static final Ending ENDING = new Ending(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, new Sent(0, 0, 0, 0));

    /** One for all classes of tests; it ends with their process. */
    static final ActorTestKit TEST_KIT = ActorTestKit.create(TestTime.config());

    static final TestTime TIME = new TestTime();

    static {
        TIME.drives(TEST_KIT.system());
    }

    final TestProbe<LedgerTotals> drained = TEST_KIT.createTestProbe(LedgerTotals.class);
    final TestProbe<Hub> hubs = TEST_KIT.createTestProbe(Hub.class);
    final TestProbe<UnhandledMessage> unhandled = TEST_KIT.createTestProbe(UnhandledMessage.class);
    final Hub hub = new Hub(new Hub.Settings(16, 1 << 20), 7);
    final Ledger ledger = new Ledger(10);

    final ActorRef<Command> manager = TEST_KIT.spawn(ConnectionManager.create(hub, ledger, TIME.nanoClock()));

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

    /** Returns when the manager has handled all that it was sent before, and what it then sent to itself. */
    void settle() {
        for (int round = 0; round < 2; round++) {
            manager.tell(new GetHub(hubs.ref()));
            assertThat(hubs.receiveMessage()).isSameAs(hub);
        }
    }

    FakeConnection opened(long id) {
        var connection = new FakeConnection(id);
        manager.tell(new Opened(connection));
        settle();
        return connection;
    }

    List<FakeConnection> opened(long firstId, int count) {
        List<FakeConnection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(opened(firstId + i));
        }
        return connections;
    }

    void drain(Duration spread) {
        manager.tell(new Drain(TIMEOUT, spread, RECONNECTS_PER_SECOND, drained.ref()));
        settle();
    }

    void drain() {
        drain(Duration.ZERO);
    }

    void expectDrained(long completed, long aborted, long resetByPeer) {
        expectDrained(drained, completed, aborted, resetByPeer);
    }

    static void expectDrained(TestProbe<LedgerTotals> probe, long completed, long aborted, long resetByPeer) {
        LedgerTotals totals = probe.receiveMessage();
        assertThat(List.of(totals.completed(), totals.aborted(), totals.resetByPeer()))
                .containsExactly(completed, aborted, resetByPeer);
    }

    void passes(Duration duration) {
        TIME.passes(duration);
        settle();
    }

    /** As long as turns that are spread may take. */
    void passesInSteps(Duration duration) {
        for (Duration left = duration; !left.isNegative(); left = left.minusMillis(10)) {
            passes(Duration.ofMillis(10));
        }
    }

    static List<Duration> shutdowns(List<FakeConnection> connections) {
        return connections.stream()
                .flatMap(connection -> connection.shutdowns.stream())
                .sorted()
                .toList();
    }

    static List<Class<?>> commands() {
        return Arrays.asList(Command.class.getPermittedSubclasses());
    }
}
