package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.tidegate.connection.ConnectionManager.End;
import io.tidegate.connection.ConnectionManager.GetCensus;
import io.tidegate.ledger.Census;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is stuck, who is a straggler, and when clients are invited back. */
class ManagerStandingTest extends ManagerFixture {

    /** What of a census is looked at here. */
    private record Standing(long open, long stuck, long stragglers) {}

    private final TestProbe<Census> censuses = TEST_KIT.createTestProbe(Census.class);
    private final TestProbe<Integer> counts = TEST_KIT.createTestProbe(Integer.class);

    private Standing standing() {
        manager.tell(new GetCensus(censuses.ref()));
        Census census = censuses.receiveMessage();
        return new Standing(census.connections(), census.stubborn(), census.stragglers());
    }

    private Standing aSecondLater() {
        settle();
        passes(Duration.ofSeconds(1));
        return standing();
    }

    @Test
    void aConnectionThatHasNotEndedASecondAfterItWasToldIsAStraggler() {
        List<FakeConnection> connections = opened(1, 3);
        assertThat(standing()).isEqualTo(new Standing(3, 0, 0));

        drain();
        assertThat(standing()).isEqualTo(new Standing(3, 0, 0));
        assertThat(aSecondLater()).isEqualTo(new Standing(3, 0, 3));
        connections.get(0).end(Ending.Outcome.COMPLETED);
        settle();

        assertThat(standing()).isEqualTo(new Standing(2, 0, 2));
    }

    @Test
    void aConnectionWhoseTurnHasNotComeIsNoStraggler() {
        opened(1, 2);

        drain(Duration.ofHours(1));

        // One has its turn as soon as any time has passed.
        passes(Duration.ofMillis(10));
        assertThat(aSecondLater()).isEqualTo(new Standing(2, 0, 1));
    }

    @Test
    void aSingleConnectionThatWasToldToCloseCanBeAStraggler() {
        opened(1, 2);

        manager.tell(new End(new Which.Id(2), Verb.CLOSE, DEADLINE, RECONNECTS_PER_SECOND, counts.ref()));

        assertThat(aSecondLater()).isEqualTo(new Standing(2, 0, 1));
    }

    @Test
    void aClientThatHasTakenNothingForASecondIsStuck() {
        List<FakeConnection> connections = opened(1, 3);

        connections.get(0).stuck = Duration.ofSeconds(1);
        connections.get(1).stuck = Duration.ofMillis(999);

        assertThat(standing()).isEqualTo(new Standing(3, 1, 0));
    }

    @Test
    void slotsCountFromWhenAClientIsTold() {
        List<FakeConnection> connections = opened(1, 8);

        drain(Duration.ofMillis(80));
        passesInSteps(Duration.ofMillis(80));
        FakeConnection late = opened(9);

        // Four a second are invited back; they are told after 0, 10, … 70 ms.
        assertThat(shutdowns(connections))
                .extracting(Duration::toMillis)
                .containsExactly(0L, 250L, 500L, 750L, 1000L, 1250L, 1500L, 1750L);
        assertThat(late.shutdowns).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void aSpreadThatIsSlowerThanTheInvitationsInvitesOnlyTheFirstAtOnce() {
        List<FakeConnection> connections = opened(1, 2);

        drain(Duration.ofMillis(600));
        passesInSteps(Duration.ofMillis(600));

        assertThat(shutdowns(connections)).containsExactly(Duration.ZERO, Duration.ofMillis(250));
    }
}
