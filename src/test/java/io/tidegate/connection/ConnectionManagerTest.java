package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.tidegate.connection.ConnectionManager.AbortAll;
import io.tidegate.connection.ConnectionManager.Command;
import io.tidegate.connection.ConnectionManager.End;
import io.tidegate.connection.ConnectionManager.GetOpen;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The three verbs, the sweep and the ledger. */
class ConnectionManagerTest extends ManagerFixture {

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

    private int end(Which which, Verb how) {
        TestProbe<Integer> counted = TEST_KIT.createTestProbe(Integer.class);
        manager.tell(new End(which, how, DEADLINE, RECONNECTS_PER_SECOND, counted.ref()));
        return counted.receiveMessage();
    }

    @Test
    void eachVerbGoesToTheConnectionWithThatId() {
        List<FakeConnection> connections = opened(1, 4);

        assertThat(end(new Which.Id(1), Verb.SHUTDOWN)).isEqualTo(1);
        assertThat(end(new Which.Id(2), Verb.CLOSE)).isEqualTo(1);
        assertThat(end(new Which.Id(3), Verb.ABORT)).isEqualTo(1);
        assertThat(end(new Which.Id(5), Verb.ABORT)).isZero();

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

        assertThat(end(new Which.Listener("odd"), Verb.SHUTDOWN)).isEqualTo(3);

        assertThat(shutdowns(connections))
                .containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(connections.get(1).shutdowns).isEmpty();
    }

    @Test
    void allFromAnAddressAreAbortedOrTheOneWithThatPort() {
        List<FakeConnection> connections = opened(1, 3);

        assertThat(end(Which.Remote.parse("127.0.0.1:1002"), Verb.ABORT)).isEqualTo(1);
        assertThat(connections.get(1).aborts).hasSize(1);
        assertThat(end(Which.Remote.parse("127.0.0.2"), Verb.ABORT)).isZero();
        settle();
        assertThat(end(Which.Remote.parse("127.0.0.1"), Verb.ABORT)).isEqualTo(2);
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).hasSize(1));
    }

    @Test
    void whatDoesNotEndByTheDeadlineOfItsShutdownIsAborted() {
        List<FakeConnection> connections = opened(1, 3);
        end(new Which.Id(1), Verb.SHUTDOWN);
        end(new Which.Id(2), Verb.CLOSE);

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
        } else if (type == Which.class) {
            return new Which.Id(1);
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
