package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selection;
import io.tidegate.ledger.Following;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions within the dialogue: live, resumed, lost and quiet. */
class SessionFollowTest extends SessionFixture {

    // ---- updates and follow

    @Test
    void updatesBeginAtTheHead() {
        publish(2);
        say("updates");
        assertThat(poll()).containsExactly(subscribed(2), caughtUp(2));
        assertThat(poll()).isEmpty();

        publish(1);

        assertThat(signals).hasValue(1);
        assertThat(poll()).containsExactly(put(3));
    }

    @Test
    void itSaysWhatIsFollowedAndHowFarThatHasGot() {
        assertThat(session.following()).isEqualTo(Following.NOTHING);
        publish(2);
        say("follow c d");
        assertThat(poll()).isEmpty();
        assertThat(session.following())
                .isEqualTo(new Following(Following.Progress.SNAPSHOT, selection("c", "d"), 0, 0));

        assertThat(pollAll()).contains(subscribed(2));
        assertThat(session.following()).isEqualTo(new Following(Following.Progress.LIVE, selection("c", "d"), 2, 0));

        // Given out, and nobody has come for more: the client does not have it yet.
        publish(2);
        assertThat(poll()).isNotEmpty();
        assertThat(session.following().seq()).isEqualTo(2);
        assertThat(session.following().lag()).isEqualTo(2);
        assertThat(pollAll()).isEmpty();
        assertThat(session.following()).isEqualTo(new Following(Following.Progress.LIVE, selection("c", "d"), 4, 0));
    }

    @Test
    void whatDoesNotConcernAFollowerIsPassed() {
        say("updates b");
        assertThat(pollAll()).containsExactly(subscribed(0), caughtUp(0));
        publish(3);
        assertThat(pollAll()).isEmpty();

        assertThat(session.following()).isEqualTo(new Following(Following.Progress.LIVE, selection("b"), 3, 0));
    }

    @Test
    void whoHasNotComeForWhatLeftTheRingCatchesUp() {
        say("updates");
        assertThat(pollAll()).containsExactly(subscribed(0), caughtUp(0));
        publish(10);

        assertThat(session.following()).isEqualTo(new Following(Following.Progress.CATCHING_UP, Selection.ALL, 0, 10));
        assertThat(pollAll()).hasSize(10);
        assertThat(session.following()).isEqualTo(new Following(Following.Progress.LIVE, Selection.ALL, 10, 0));
    }

    @Test
    void updatesResumeAfterAPosition() {
        publish(3);
        say("updates after mem1:1");

        assertThat(pollAll()).containsExactly(subscribed(1), put(2), put(3), caughtUp(3));
    }

    @Test
    void updatesOfCollectionsShowThoseOnly() {
        say("updates b");
        assertThat(poll()).containsExactly(subscribed(0), caughtUp(0));
        publish(1);
        assertThat(poll()).isEmpty();

        say("put b k 1");
        commits.runAll();

        assertThat(pollAll())
                .containsExactly(
                        accepted(2), "{\"event\":\"put\",\"seq\":2,\"collection\":\"b\",\"key\":\"k\",\"value\":1}");
    }

    @Test
    void updatesAfterAPositionThatIsNotThereAreRefused() {
        publish(1);
        say("updates after other:1");
        List<String> lines = new ArrayList<>(pollAll());
        say("updates after mem1:2", "ping");
        assertThat(pollAll()).isEmpty();
        feed.endWaits(System.nanoTime() + FUTURE_WAIT.toNanos());
        lines.addAll(pollAll());

        assertError(lines.get(0), "position-unavailable");
        assertError(lines.get(1), "position-unavailable");
        assertThat(lines.get(2)).isEqualTo(PONG);
    }

    @Test
    void followIsSyncAndThenUpdatesWithoutAGap() {
        publish(2);
        say("follow");
        assertThat(poll()).isEmpty();
        publish(1);
        reads.runAll();
        publish(1);

        assertThat(pollAll())
                .containsExactly(
                        snapshot(1), document("c", "k", "1"), synced(3, 1), subscribed(3), put(4), caughtUp(4));
    }

    @Test
    void followAfterAServablePositionNeedsNoSnapshot() {
        publish(3);
        say("follow after mem1:1");

        assertThat(pollAll()).containsExactly(subscribed(1), put(2), put(3), caughtUp(3));
        assertThat(reads.pending()).isZero();
    }

    @Test
    void followAfterAnotherLifeOfTheLogStartsAnew() {
        publish(1);
        say("follow after other:1");

        List<String> lines = pollAll();

        assertThat(lines.get(0)).startsWith("{\"event\":\"resync\",\"reason\":\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(snapshot(1), document("c", "k", "1"), synced(1, 1), subscribed(1), caughtUp(1));
    }

    @Test
    void onlyOneSubscriptionIsGiven() {
        say("updates");
        pollAll();
        say("follow");

        List<String> lines = pollAll();
        publish(1);

        assertError(lines.get(0), "already-subscribed");
        assertThat(pollAll()).containsExactly(put(1));
    }

    @Test
    void aFollowerMaySyncInBetween() {
        publish(1);
        say("updates");
        pollAll();
        say("sync");
        assertThat(poll()).isEmpty();
        publish(1);

        assertThat(pollAll()).containsExactly(snapshot(1), document("c", "k", "1"), synced(2, 1), put(2));
    }

    @Test
    void aFollowerThatFellFarBehindCatchesUpFromTheLog() {
        say("updates");
        pollAll();
        publish(12);

        assertThat(pollAll()).isEqualTo(puts(1, 12));
    }

    @Test
    void aFollowerWhosePositionWasTrimmedIsResynced() {
        say("follow");
        pollAll();
        publish(10);
        log.trimTo(5);

        List<String> lines = pollAll();
        publish(1);

        assertThat(lines.get(0)).startsWith("{\"event\":\"resync\",\"reason\":\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(snapshot(1), document("c", "k", "1"), synced(10, 1), subscribed(10), caughtUp(10));
        assertThat(pollAll()).containsExactly(put(11));
    }

    @Test
    void updatesWhosePositionWasTrimmedEndWithAnErrorAndMayBeAskedForAnew() {
        say("updates");
        pollAll();
        publish(10);
        log.trimTo(5);

        List<String> lines = pollAll();
        say("updates");

        assertError(lines.get(0), "position-unavailable");
        assertThat(lines).hasSize(1);
        assertThat(pollAll()).containsExactly(subscribed(10), caughtUp(10));
    }

    @Test
    void aResyncDoesNotLetLinesPastARequestThatWaitsForItsTurn() {
        say("follow");
        pollAll();
        publish(10);
        log.trimTo(5);
        say("put c k 2", "quit");
        assertThat(session.wantsInput()).isFalse();

        List<String> lines = pollAll();

        assertThat(lines.get(0)).contains("resync");
        assertThat(session.wantsInput()).as("after quit").isFalse();
    }

    @Test
    void aLogThatCannotBeReadEndsTheSubscription() {
        say("updates");
        pollAll();
        publish(10);
        log.failReads("disk gone");

        List<String> lines = pollAll();
        say("ping");

        assertError(lines.get(0), "store-failed");
        assertThat(pollAll()).containsExactly(PONG);
    }

    // ---- heartbeats

    @Test
    void aQuietSubscriptionGetsAHeartbeat() {
        publish(3);
        say("updates");
        pollAll();

        session.heartbeat();

        assertThat(signals.get()).isPositive();
        assertThat(pollAll()).containsExactly("{\"event\":\"heartbeat\",\"seq\":3}");
    }

    @Test
    void aHeartbeatShowsThatAFilteredSubscriptionIsUpToDate() {
        say("updates b");
        pollAll();
        publish(3);

        session.heartbeat();

        assertThat(pollAll()).containsExactly("{\"event\":\"heartbeat\",\"seq\":3}");
    }

    @Test
    void noHeartbeatIsSentBesideOtherLinesOrWithoutASubscription() {
        session.heartbeat();
        assertThat(pollAll()).isEmpty();
        say("updates");
        session.heartbeat();
        assertThat(poll()).containsExactly(subscribed(0), caughtUp(0));
        publish(1);
        session.heartbeat();

        assertThat(poll()).containsExactly(put(1));
    }
}
