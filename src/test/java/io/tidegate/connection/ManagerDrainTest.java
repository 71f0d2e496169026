package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.tidegate.connection.ConnectionManager.AbortAll;
import io.tidegate.connection.ConnectionManager.Drain;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.LedgerTotals;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drain, spread, deadline and last resort. */
class ManagerDrainTest extends ManagerFixture {

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
        drain(Duration.ofMillis(100));

        passesInSteps(Duration.ofMillis(100));

        assertThat(connections).allSatisfy(each -> assertThat(each.shutdowns).hasSize(1));
    }

    @Test
    void whoEndsBeforeItsTurnIsNotTold() {
        List<FakeConnection> connections = opened(1, 3);
        drain(Duration.ofMillis(100));
        FakeConnection last = connections.stream()
                .filter(each -> each.shutdowns.isEmpty())
                .findAny()
                .orElseThrow();

        last.end(Ending.Outcome.COMPLETED);
        settle();
        passesInSteps(Duration.ofMillis(100));

        assertThat(last.shutdowns).isEmpty();
        assertThat(shutdowns(connections)).hasSize(2);
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
    void manySocketsAreLookedAtTogetherUntilEachIsReleased() {
        List<FakeConnection> connections = opened(1, 3);
        connections.forEach(connection -> connection.released = false);
        drain();

        connections.forEach(connection -> connection.end(Ending.Outcome.COMPLETED));
        passes(Duration.ofMillis(10));
        assertThat(ledger.open()).isEqualTo(3);
        connections.get(1).released = true;
        passes(Duration.ofMillis(10));
        assertThat(ledger.open()).isEqualTo(2);
        connections.forEach(connection -> connection.released = true);
        passes(Duration.ofMillis(10));

        expectDrained(3, 0, 0);
    }

    @Test
    void aSocketThatIsNeverReleasedIsTakenAway() {
        FakeConnection connection = opened(1);
        connection.released = false;

        connection.end(Ending.Outcome.COMPLETED);
        settle();
        passesInSteps(Duration.ofMillis(10 * 298));
        assertThat(connection.destroyed).as("after 299 looks").hasValue(0);
        passes(Duration.ofMillis(10));

        assertThat(connection.destroyed).hasValue(1);
        assertThat(ledger.open()).isZero();
        assertThat(ledger.totals().aborted()).as("its tail was cut").isEqualTo(1);
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

    @Test
    void abortAllEndsADrain() {
        List<FakeConnection> connections = opened(1, 3);
        drain(Duration.ofHours(1));

        manager.tell(new AbortAll(CloseReason.ABORTED));

        expectDrained(0, 3, 0);
        assertThat(connections).allSatisfy(each -> assertThat(each.aborts).hasSize(1));
    }

    @Test
    void theSweepGoesOnDuringADrain() {
        FakeConnection connection = opened(1);
        drain();

        passes(Duration.ofSeconds(1));

        assertThat(connection.checks).hasSize(1);
    }

    @Test
    void aDrainLooksOftenWhetherClientsHaveEverything() {
        FakeConnection connection = opened(1);
        passes(Duration.ofMillis(500));
        assertThat(connection.deliveryChecks).isEmpty();
        drain();

        passes(Duration.ofMillis(300));

        assertThat(connection.deliveryChecks).hasSize(3);
    }
}
