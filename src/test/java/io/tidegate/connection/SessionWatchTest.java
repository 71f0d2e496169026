package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.ledger.Following;
import io.tidegate.wire.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A subscription whose selection changes while it runs. */
class SessionWatchTest extends SessionFixture {

    @Test
    void whatIsAddedComesAsItIsAndIsFollowedFromThere() {
        put("a", "x", 1);
        put("b", "y", 2);
        follow("a");

        say("watch b");

        assertThat(pollAll()).containsExactly(snapshot(1), document("b", "y", "2"), watching(2, 1));
        put("b", "y", 3);
        put("a", "x", 4);
        put("c", "z", 5);
        assertThat(pollAll()).containsExactly(update(3, "b", "y", 3), update(4, "a", "x", 4));
    }

    @Test
    void theUpdatesOfBeforeComeBeforeTheDocumentsAndThoseOfBothBehindThem() {
        put("b", "y", 1);
        follow("a");
        put("a", "x", 2);
        say("watch b");
        assertThat(poll()).containsExactly(update(2, "a", "x", 2));
        // What is committed until the snapshot opens is in it.
        put("b", "y", 3);
        put("a", "x", 4);
        assertThat(poll()).isEmpty();
        assertThat(reads.runNext()).isTrue();
        put("b", "y", 5);
        put("a", "x", 6);

        assertThat(pollAll())
                .containsExactly(
                        update(4, "a", "x", 4),
                        snapshot(1),
                        document("b", "y", "3"),
                        watching(4, 1),
                        update(5, "b", "y", 5),
                        update(6, "a", "x", 6));
    }

    @Test
    void aFollowerThatIsFarBehindIsCaughtUpFirst() {
        follow("c");
        put("b", "y", 1);
        publish(10);
        say("watch b");

        List<String> lines = pollAll();

        assertThat(lines.subList(0, 10)).isEqualTo(puts(2, 11));
        assertThat(lines.subList(10, lines.size()))
                .containsExactly(snapshot(1), document("b", "y", "1"), watching(11, 1));
    }

    @Test
    void whatIsAddedMayBeMoreOfTheSameCollection() {
        put("a", "x", 1);
        put("a", "y", 2);
        follow("a/x");

        say("watch a/y b*");
        assertThat(pollAll()).containsExactly(snapshot(1), document("a", "y", "2"), watching(2, 1));

        put("a", "y", 3);
        assertThat(pollAll()).containsExactly(update(3, "a", "y", 3));
        assertThat(session.following().follows()).isEqualTo("a/x, a/y, b*");
    }

    @Test
    void onlyWhatIsNotCoveredAlreadyIsSent() {
        put("a", "x", 1);
        put("b", "y", 2);
        follow("a");

        say("watch a/x b");

        assertThat(pollAll()).containsExactly(snapshot(1), document("b", "y", "2"), watching(2, 1));
    }

    @Test
    void whatIsCoveredAlreadyIsAnsweredAtOnce() {
        put("a", "x", 1);
        follow("a");

        say("watch a/x a a/b*");

        assertThat(poll()).containsExactly(watching(1, 0));
        assertThat(reads.pending()).isZero();
        assertThat(session.following().follows()).isEqualTo("a, a/b*, a/x");
    }

    @Test
    void whoFollowsEverythingIsAnsweredAtOnce() {
        put("a", "x", 1);
        follow("");

        say("watch b");

        assertThat(poll()).containsExactly(watching(1, 0));
        assertThat(session.following().follows()).isEqualTo("all");
    }

    @Test
    void whatIsThereOfNothingIsNothing() {
        follow("none");
        say("watch a");

        assertThat(pollAll()).containsExactly(watching(0, 0));
        put("a", "x", 1);
        assertThat(pollAll()).containsExactly(update(1, "a", "x", 1));
    }

    @Test
    void updatesAreSentNoDocuments() {
        put("a", "x", 1);
        say("updates b");
        pollAll();

        say("watch a");

        assertThat(poll()).containsExactly(watching(1, 0));
        put("a", "x", 2);
        assertThat(pollAll()).containsExactly(update(2, "a", "x", 2));
    }

    @Test
    void whatIsReadOfTheLogWhenUpdatesAreAddedIsReadAnew() {
        say("updates b");
        pollAll();
        put("b", "y", 1);
        put("a", "x", 2);
        publish(10);
        assertThat(poll()).isEmpty();
        assertThat(reads.pending()).isEqualTo(1);

        say("watch a");

        assertThat(pollAll()).containsExactly(watching(0, 0), update(1, "b", "y", 1), update(2, "a", "x", 2));
    }

    @Test
    void requestsBehindItWait() {
        put("b", "y", 1);
        follow("a");
        say("watch b", "ping");
        assertThat(poll()).isEmpty();
        assertThat(session.wantsInput()).isFalse();

        assertThat(pollAll()).containsExactly(snapshot(1), document("b", "y", "1"), watching(1, 1), PONG);
        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void withoutASubscriptionThereIsNothingToAddTo() {
        say("watch a", "unwatch a", "sync", "watch a");

        List<String> lines = pollAll();

        assertError(lines.get(0), "not-subscribed");
        assertError(lines.get(1), "not-subscribed");
        assertThat(lines.get(2)).isEqualTo(synced(0, 0));
        assertError(lines.get(3), "not-subscribed");
    }

    @Test
    void whoAsksForNoPositionIsToldThatOfTheFeed() {
        publish(2);
        say("watch a", "quit");

        assertThat(pollAll()).last().isEqualTo(goodbye("quit", 2, 0));
    }

    // ---- what goes wrong meanwhile

    @Test
    void aSubscriptionThatIsLostMeanwhileStartsAnewWithAllOfIt() {
        put("b", "y", 1);
        follow("c");
        publish(10);
        say("watch b");
        assertThat(poll()).isEmpty();
        log.trimTo(5);

        List<String> lines = pollAll();

        assertThat(lines.get(0)).startsWith("{\"event\":\"resync\",\"reason\":\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        snapshot(2),
                        document("b", "y", "1"),
                        document("c", "k", "1"),
                        synced(11, 2),
                        subscribed(11),
                        caughtUp(11),
                        watching(11, 0));
        assertThat(session.following()).isEqualTo(new Following(Following.Progress.LIVE, selection("b", "c"), 11, 0));
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void documentsThatCannotBeReadAreAnErrorAndTheSubscriptionStaysAsItWas() {
        put("b", "y", 1);
        follow("a");
        say("watch b", "ping");
        log.failSnapshots("disk gone");

        List<String> lines = pollAll();

        assertError(lines.get(0), "store-failed");
        assertThat(lines.subList(1, lines.size())).containsExactly(PONG);
        log.failSnapshots(null);
        put("b", "y", 2);
        put("a", "x", 3);
        assertThat(pollAll()).containsExactly(update(3, "a", "x", 3));
        assertThat(session.following().follows()).isEqualTo("a");
    }

    @Test
    void documentsThatCannotBeReadToTheirEndAreNotFollowed() {
        for (int i = 0; i < 6; i++) {
            put("b", "y" + i, i);
        }
        follow("a");
        say("watch b");
        assertThat(poll()).isEmpty();
        assertThat(reads.runNext()).as("opened").isTrue();
        assertThat(reads.runNext()).as("read").isTrue();
        assertThat(poll()).contains(document("b", "y0", "0"));
        log.failSnapshots("disk gone");

        List<String> lines = pollAll();

        assertError(lines.get(lines.size() - 1), "store-failed");
        put("b", "y", 2);
        assertThat(pollAll()).isEmpty();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aLogThatCannotBeReadMeanwhileEndsTheSubscription() {
        follow("c");
        publish(10);
        say("watch b");
        assertThat(poll()).isEmpty();
        log.failReads("disk gone");

        List<String> lines = pollAll();

        assertError(lines.get(0), "store-failed");
        assertError(lines.get(1), "not-subscribed");
        assertThat(lines).hasSize(2);
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aShutdownFinishesWhatIsBeingAdded() {
        put("b", "y", 1);
        follow("a");
        say("watch b");
        assertThat(poll()).isEmpty();
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        put("b", "y", 2);

        assertThat(pollAll())
                .containsExactly(snapshot(1), document("b", "y", "2"), watching(2, 1), goodbye("shutdown", 2, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void nothingIsAddedToASubscriptionThatIsAboutToEnd() {
        put("b", "y", 1);
        follow("a");
        say("put a x 2", "watch b");
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        assertThat(poll()).isEmpty();
        commits.runAll();

        List<String> lines = pollAll();

        assertThat(lines.get(0)).isEqualTo(accepted(2));
        assertError(lines.get(1), "draining");
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aSubscriptionThatIsLostInAShutdownGetsNothingAdded() {
        follow("c");
        publish(10);
        say("watch b");
        assertThat(poll()).isEmpty();
        log.trimTo(5);
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        List<String> lines = pollAll();

        assertError(lines.get(0), "draining");
        assertThat(lines.get(1)).isEqualTo(goodbye("shutdown", 0, 250));
    }

    @Test
    void closingReleasesWhatIsBeingAdded() {
        put("b", "y", 1);
        follow("a");
        say("watch b");
        assertThat(poll()).isEmpty();

        session.close();
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
        assertThat(session.isFinished()).isTrue();
    }

    // ---- unwatch

    @Test
    void aSelectionThatIsTooLargeIsRefused() {
        String selectors = "c1 c2 c3 c4 c5 c6 c7 c8";
        say("sync " + selectors + " c9");
        say("updates " + selectors + " c9");
        say("follow " + selectors + " c9");
        List<String> lines = new ArrayList<>(pollAll());
        follow(selectors);

        say("watch c9");
        lines.addAll(pollAll());

        assertThat(lines).hasSize(4).allSatisfy(line -> assertError(line, "selection-too-large"));
        assertThat(lines).allSatisfy(line -> assertThat(line).contains("at most 8"));
        assertThat(session.following().follows()).doesNotContain("c9");
    }

    // ---- asked for in another way

    @Test
    void aStreamThatTakesOverAPositionMayAddToIt() {
        put("a", "x", 1);
        put("b", "y", 2);
        put("a", "x", 3);
        session.answerOnly(List.of(
                new Request.Follow(feed.positionAt(1), false, selection("a")),
                new Request.Watch(List.copyOf(selection("b").given()))));

        List<String> lines = pollAll();
        put("b", "y", 4);

        assertThat(lines)
                .containsExactly(
                        subscribed(1),
                        update(3, "a", "x", 3),
                        caughtUp(3),
                        snapshot(1),
                        document("b", "y", "2"),
                        watching(3, 1));
        assertThat(pollAll()).containsExactly(update(4, "b", "y", 4));
    }

    private static Selection selection(String word) {
        return Selection.of(List.of(Selector.parse(word)));
    }
}
