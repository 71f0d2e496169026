package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that were told of a position by another server, which is ahead. */
class SessionFutureTest extends SessionFixture {

    private void timePasses(Duration time) {
        feed.endWaits(System.nanoTime() + time.toNanos());
    }

    @Test
    void aPositionThatComesInTimeIsFollowedFrom() {
        publish(1);
        say("follow after mem1:3");
        assertThat(pollAll()).isEmpty();
        int before = signals.get();

        publish(1);
        assertThat(pollAll()).isEmpty();
        publish(1);
        assertThat(signals.get()).isGreaterThan(before);
        assertThat(pollAll()).containsExactly(subscribed(3), caughtUp(3));
        publish(1);

        assertThat(pollAll()).containsExactly(put(4));
    }

    @Test
    void updatesAreWaitedForAsWell() {
        say("updates after mem1:1");
        assertThat(pollAll()).isEmpty();

        publish(2);

        assertThat(pollAll()).containsExactly(subscribed(1), put(2), caughtUp(2));
    }

    @Test
    void whatIsAskedBehindItWaits() {
        say("follow after mem1:1", "ping");
        assertThat(pollAll()).isEmpty();
        assertThat(session.wantsInput()).isFalse();

        publish(1);

        assertThat(pollAll()).containsExactly(subscribed(1), caughtUp(1), PONG);
        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void aPositionThatDoesNotComeInTimeMeansToStartAnew() {
        publish(1);
        say("follow after mem1:9");
        assertThat(pollAll()).isEmpty();
        timePasses(FUTURE_WAIT.minusMillis(100));
        assertThat(pollAll()).isEmpty();

        timePasses(FUTURE_WAIT);
        List<String> lines = pollAll();

        assertThat(lines.get(0))
                .startsWith("{\"event\":\"resync\",\"reason\":\"")
                .contains("mem1:9");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(snapshot(1), document("c", "k", "1"), synced(1, 1), subscribed(1), caughtUp(1));
    }

    @Test
    void updatesThatDoNotComeInTimeAreRefused() {
        say("updates after mem1:9", "ping");
        assertThat(pollAll()).isEmpty();

        timePasses(FUTURE_WAIT);
        List<String> lines = pollAll();

        assertError(lines.get(0), "position-unavailable");
        assertThat(lines.subList(1, lines.size())).containsExactly(PONG);
    }

    @Test
    void aDrainEndsTheWait() {
        publish(1);
        say("follow after mem1:9");
        assertThat(pollAll()).isEmpty();
        var unused = feed.drain();
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        List<String> lines = pollAll();

        assertError(lines.get(0), "draining");
        assertThat(lines).hasSize(2).last().isEqualTo(goodbye("shutdown", 9, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownOfOneConnectionEndsItsWait() {
        say("updates after mem1:9");
        assertThat(pollAll()).isEmpty();
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        List<String> lines = pollAll();

        assertError(lines.get(0), "draining");
        assertThat(lines).hasSize(2).last().isEqualTo(goodbye("shutdown", 9, 250));
    }

    @Test
    void whoLeavesWaitsNoLonger() {
        say("follow after mem1:1");
        assertThat(pollAll()).isEmpty();
        session.close();

        publish(1);

        assertThat(session.poll()).isNull();
        assertThat(feed.status().subscriptions()).isZero();
    }
}
