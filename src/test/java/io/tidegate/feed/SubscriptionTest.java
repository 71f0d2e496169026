package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One cursor: live, resumed, lagging, lost. */
class SubscriptionTest {

    private static final int RING_BATCHES = 4;
    private static final int RETAINED_UPDATES = 20;
    private static final int PLENTY = 1 << 20;

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy()
                    .catchUpBytes(200)
                    .ring(RING_BATCHES, 1 << 20)
                    .retention(RETAINED_UPDATES, 1 << 30)
                    .settings(),
            new TextEncoder(),
            commits,
            reads,
            Runnable::run,
            CommitObserver.NONE);
    private final AtomicInteger signals = new AtomicInteger();
    private final Wakeup wakeup = new Wakeup(Runnable::run, signals::incrementAndGet);

    /** One batch for each collection. */
    private void publish(String... collections) {
        for (String collection : collections) {
            var unused = feed.publish(Change.put(collection, "k", "1"), () -> {});
            commits.runAll();
        }
    }

    private void publishSingly(int count) {
        for (int i = 0; i < count; i++) {
            publish("c");
        }
    }

    private void publishAsOneBatch(int count) {
        for (int i = 0; i < count; i++) {
            var unused = feed.publish(Change.put("c", "k", "1"), () -> {});
        }
        commits.runAll();
    }

    private Subscription subscription(long after) {
        return feed.subscribeAfter(after, Selection.ALL, Steps.EVERY, wakeup);
    }

    private static String lines(long first, long last) {
        var lines = new StringBuilder();
        for (long seq = first; seq <= last; seq++) {
            lines.append(seq).append(" c/k 1\n");
        }
        return lines.toString();
    }

    private static String poll(Subscription subscription, int maxBytes) throws FeedLogException {
        EventLines lines = subscription.poll(maxBytes);
        return lines == null ? "" : lines.bytes().utf8String();
    }

    /** All that it has, reads of the log included, as a follower that does what its wakeup says. */
    private String drain(Subscription subscription) throws FeedLogException {
        var all = new StringBuilder();
        do {
            wakeup.reset();
            for (String lines = poll(subscription, 1); !lines.isEmpty(); lines = poll(subscription, 1)) {
                all.append(lines);
            }
        } while (reads.runNext());
        return all.toString();
    }

    @Test
    void aLiveCursorIsSignalledAndHandsOutWhatIsCommitted() throws FeedLogException {
        publishSingly(2);
        Subscription live = subscription(2);
        assertThat(live.poll(PLENTY)).isNull();
        assertThat(live.isLive()).isTrue();

        publishSingly(1);

        assertThat(signals).hasValue(1);
        assertThat(live.isLive()).isFalse();
        assertThat(poll(live, PLENTY)).isEqualTo("3 c/k 1\n");
        assertThat(live.isLive()).isTrue();
        assertThat(log.reads()).isZero();
    }

    @Test
    void aCursorThatWasAheadOfNothingIsSignalledForEachCommitOnceItLooked() throws FeedLogException {
        Subscription live = subscription(0);
        for (int i = 1; i <= 5; i++) {
            wakeup.reset();
            assertThat(poll(live, PLENTY)).isEqualTo(i == 1 ? "" : lines(i - 1, i - 1));
            assertThat(live.poll(PLENTY)).isNull();
            publishSingly(1);
            assertThat(signals).hasValue(i);
        }
    }

    @Test
    void aCursorResumesInTheMiddleOfABatch() throws FeedLogException {
        publishAsOneBatch(5);

        assertThat(poll(subscription(3), PLENTY)).isEqualTo(lines(4, 5));
        assertThat(poll(subscription(0), PLENTY)).isEqualTo(lines(1, 5));
        assertThat(subscription(5).poll(PLENTY)).isNull();
    }

    @Test
    void aPollStopsAfterTheBatchThatReachesTheBytes() throws FeedLogException {
        publishSingly(3);
        publishAsOneBatch(3);
        Subscription cursor = subscription(0);

        assertThat(poll(cursor, 1)).isEqualTo(lines(1, 1));
        assertThat(poll(cursor, 9)).isEqualTo(lines(2, 3));
        assertThat(poll(cursor, 1)).isEqualTo(lines(4, 6));
    }

    @Test
    void whoFallsOutOfTheRingCatchesUpFromTheLogAndRejoins() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);

        assertThat(slow.poll(PLENTY)).isNull();
        assertThat(reads.pending()).isEqualTo(1);
        assertThat(slow.poll(PLENTY)).as("while the read is under way").isNull();
        assertThat(reads.pending()).isEqualTo(1);
        reads.runAll();
        assertThat(signals).hasValue(1);
        assertThat(drain(slow)).isEqualTo(lines(1, 10));
        int readsSoFar = log.reads();
        publishSingly(2);

        assertThat(drain(slow)).isEqualTo(lines(11, 12));
        assertThat(log.reads()).isEqualTo(readsSoFar).isGreaterThan(1);
        assertThat(feed.laggingCursors()).isZero();
    }

    @Test
    void cursorsThatStoppedAtDifferentPlacesShareTheReadsFromTheSecondOn() throws FeedLogException {
        Subscription one = subscription(0);
        Subscription other = subscription(1);
        publishSingly(20);
        assertThat(one.poll(PLENTY)).isNull();
        assertThat(other.poll(PLENTY)).isNull();
        reads.runAll();
        assertThat(poll(one, PLENTY)).isEqualTo(lines(1, 3));
        assertThat(poll(other, PLENTY)).isEqualTo(lines(2, 3));
        int readsSoFar = log.reads();

        assertThat(one.poll(PLENTY)).isNull();
        assertThat(other.poll(PLENTY)).isNull();
        reads.runAll();

        assertThat(log.reads()).isEqualTo(readsSoFar + 1);
        assertThat(one.poll(PLENTY)).isNotNull().isSameAs(other.poll(PLENTY));
        assertThat(drain(one)).isEqualTo(drain(other)).endsWith("20 c/k 1\n");
    }

    @Test
    void aReadThatFailedIsTriedAgainForTheNextCursor() throws FeedLogException {
        publishSingly(10);
        Subscription failed = subscription(0);
        log.failReads("disk gone");
        assertThat(failed.poll(PLENTY)).isNull();
        reads.runAll();

        log.failReads(null);

        assertThat(drain(subscription(0))).isEqualTo(lines(1, 10));
    }

    @Test
    void aResumedCursorCatchesUpFromTheMiddleOfAStoredBatch() throws FeedLogException {
        publishAsOneBatch(5);
        publishSingly(6);

        assertThat(drain(subscription(2))).isEqualTo(lines(3, 11));
    }

    @Test
    void aCursorThatFellOutBetweenTwoPollsLosesNothing() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(2);
        String first = poll(slow, 1);

        publishSingly(7);

        assertThat(first + drain(slow)).isEqualTo(lines(1, 9));
    }

    @Test
    void aPositionThatWasTrimmedIsLost() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        log.trimTo(1);

        assertThat(drain(slow)).isEmpty();

        assertThat(slow.isLost()).isTrue();
        assertThat(slow.isAtEnd()).isTrue();
        assertThat(slow.seq()).isZero();
    }

    @Test
    void aCursorThatIsOvertakenByATrimInItsCatchUpHandsOutNoGap() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        assertThat(slow.poll(PLENTY)).isNull();
        reads.runAll();
        String first = poll(slow, 1);
        log.trimTo(9);

        String rest = drain(slow);

        assertThat(slow.isLost()).isTrue();
        assertThat(first + rest).isEqualTo(lines(1, slow.seq()));
        assertThat(slow.seq()).isLessThan(9);
    }

    @Test
    void nothingIsHandedOutAfterTheEnd() throws FeedLogException {
        Subscription ending = subscription(0);
        publishSingly(2);
        ending.endAt(2);
        publishSingly(1);
        ending.endAt(3);

        assertThat(ending.isAtEnd()).isFalse();
        assertThat(drain(ending)).isEqualTo(lines(1, 2));
        assertThat(ending.isAtEnd()).isTrue();
        assertThat(ending.seq()).isEqualTo(2);
        assertThat(ending.isLost()).isFalse();
    }

    @Test
    void theEndIsReachedThroughTheLogToo() throws FeedLogException {
        Subscription ending = subscription(0);
        publishSingly(6);
        ending.endAt(6);
        publishSingly(6);

        assertThat(drain(ending)).isEqualTo(lines(1, 6));
        assertThat(ending.isAtEnd()).isTrue();
    }

    @Test
    void aFilteredCursorAdvancesPastWhatItSkips() throws FeedLogException {
        Subscription filtered =
                feed.subscribeAfter(0, Selection.ofCollections(List.of(new Collection("a"))), Steps.EVERY, wakeup);
        publish("a", "b", "b", "a", "b");

        assertThat(drain(filtered)).isEqualTo("1 a/k 1\n4 a/k 1\n");
        assertThat(filtered.seq()).isEqualTo(5);
        assertThat(filtered.isLive()).isTrue();
        publish("b");
        assertThat(drain(filtered)).isEmpty();
        assertThat(filtered.seq()).isEqualTo(6);
    }

    @Test
    void aFilteredCursorCatchesUpPastWhatItSkips() throws FeedLogException {
        Subscription filtered =
                feed.subscribeAfter(0, Selection.ofCollections(List.of(new Collection("a"))), Steps.EVERY, wakeup);
        publish("b", "b", "b", "b", "b", "b", "b", "b", "a", "b", "b", "b", "b", "b");

        assertThat(drain(filtered)).isEqualTo("9 a/k 1\n");
        assertThat(filtered.isLive()).isTrue();
    }

    @Test
    void aCursorThatIsBeingServedHoldsTheTrimUntilTwiceTheRetention() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        assertThat(slow.poll(PLENTY)).isNull();

        publishSingly(2 * RETAINED_UPDATES - 10);
        assertThat(log.batches().get(0).firstSeq()).isEqualTo(1);
        publishSingly(1);

        assertThat(log.batches().get(0).firstSeq()).isEqualTo(2);
        assertThat(drain(slow)).isEmpty();
        assertThat(slow.isLost()).isTrue();
    }

    @Test
    void aCursorThatIsNotBeingServedHoldsNothing() throws FeedLogException {
        Subscription idle = subscription(0);
        assertThat(idle.poll(PLENTY)).isNull();

        publishSingly(RETAINED_UPDATES + 10);

        assertThat(log.batches().get(0).firstSeq()).isEqualTo(11);
    }

    @Test
    void aClosedCursorHoldsNothingAndHandsOutNothing() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        assertThat(slow.poll(PLENTY)).isNull();

        slow.close();
        reads.runAll();
        publishSingly(RETAINED_UPDATES);

        assertThat(slow.poll(PLENTY)).isNull();
        assertThat(feed.laggingCursors()).isZero();
        assertThat(log.batches().get(0).firstSeq()).isEqualTo(11);
    }

    @Test
    void theServedPositionMovesOnWithTheReads() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        assertThat(slow.poll(PLENTY)).isNull();
        reads.runAll();
        while (!poll(slow, 1).isEmpty()) {
            // Up to the next read.
        }

        assertThat(slow.servedFrom()).isEqualTo(slow.seq()).isPositive();
    }

    @Test
    void aLogThatCannotBeReadEndsTheSubscription() throws FeedLogException {
        Subscription slow = subscription(0);
        publishSingly(10);
        log.failReads("disk gone");
        assertThat(slow.poll(PLENTY)).isNull();
        reads.runAll();

        assertThat(signals).hasValue(1);
        assertThatExceptionOfType(FeedLogException.class)
                .isThrownBy(() -> slow.poll(PLENTY))
                .withMessage("disk gone");
    }

    @Test
    void aCursorFromASnapshotThatIsAheadOfTheHubWaitsForIt() throws FeedLogException {
        publishSingly(2);
        Subscription ahead = subscription(4);

        assertThat(ahead.poll(PLENTY)).isNull();
        publishSingly(3);

        assertThat(drain(ahead)).isEqualTo(lines(5, 5));
    }
}
