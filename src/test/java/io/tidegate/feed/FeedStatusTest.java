package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a feed tells of itself: its status, and each of its commits. */
class FeedStatusTest {

    private static final Change CHANGE = Change.put("orders", "a", "1");

    /** Writes down what it hears. */
    private static final class Notes implements CommitObserver {

        private final List<Integer> counts = new ArrayList<>();
        private final List<Duration> waits = new ArrayList<>();
        private int failures;

        @Override
        public void committed(List<Batch> batches, long storeNanos, long longestWaitNanos) {
            assertThat(storeNanos).isBetween(0L, longestWaitNanos);
            counts.add(batches.stream().mapToInt(Batch::count).sum());
            waits.add(Duration.ofNanos(longestWaitNanos));
        }

        @Override
        public void failed() {
            failures++;
        }
    }

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final Notes notes = new Notes();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().commit(2, 1 << 16).settings(),
            new TextEncoder(),
            commits,
            Runnable::run,
            Runnable::run,
            notes);

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            feed.publish(CHANGE, () -> {});
        }
    }

    private Subscription subscribe() {
        return feed.subscribeAfter(0, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
    }

    @Test
    void eachBatchIsToldOfOnceWithItsLongestWait() {
        long before = System.nanoTime();
        publish(5);
        commits.runAll();
        Duration most = Duration.ofNanos(System.nanoTime() - before);

        assertThat(notes.counts).containsExactly(2, 2, 1);
        assertThat(notes.waits).allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(most));
        // All of them gathered since the first was published.
        assertThat(notes.waits).isSorted();
    }

    @Test
    void aBatchThatTheStoreRefusesIsToldOfAsAFailure() {
        log.failAppends(new FeedLogException("the disk is full"));
        publish(3);
        commits.runAll();

        assertThat(notes.counts).isEmpty();
        assertThat(notes.failures).isEqualTo(2);
        assertThat(feed.status().storeFailure()).isEqualTo("the disk is full");
    }

    @Test
    void theStatusShowsWhatWaitsAndWhatIsKept() {
        publish(3);
        FeedStatus waiting = feed.status();
        commits.runAll();
        FeedStatus committed = feed.status();

        assertThat(waiting.queuedUpdates()).isEqualTo(3);
        assertThat(waiting.queuedBytes()).isEqualTo(3L * CHANGE.weight());
        assertThat(waiting.retainedUpdates()).isZero();
        assertThat(committed.queuedUpdates()).isZero();
        assertThat(committed.queuedBytes()).isZero();
        assertThat(committed.head()).isEqualTo(3);
        assertThat(committed.committedUpdates()).isEqualTo(3);
        assertThat(committed.retainedUpdates()).isEqualTo(3);
        assertThat(committed.retainedBytes())
                .isEqualTo(
                        log.batches().stream().mapToLong(b -> b.stored().length).sum());
    }

    @Test
    void whoDoesNotComeForMoreLagsHoweverLittleItTook() throws Exception {
        // What the ring holds is not all: this one takes the first commit and never asks again.
        Subscription stuck = subscribe();
        Subscription reads = subscribe();
        publish(2);
        commits.runAll();
        assertThat(stuck.poll(1 << 16)).isNotNull();
        assertThat(stuck.seq()).isEqualTo(2);
        while (reads.poll(1 << 16) != null) {
            assertThat(reads.seq()).isPositive();
        }
        long now = System.currentTimeMillis();

        assertThat(stuck.taken()).isZero();
        assertThat(stuck.lag()).isEqualTo(2);
        assertThat(stuck.isLagging(now - 60_000)).isFalse();
        assertThat(stuck.isLagging(now + 2000)).isTrue();
        assertThat(reads.lag()).isZero();
        assertThat(reads.isLagging(now + 2000)).isFalse();
    }

    @Test
    void whatHasLeftTheRingWasThereForLong() {
        Subscription sleeps = subscribe();
        publish(2 * 40);
        commits.runAll();

        assertThat(sleeps.isLagging(0)).isTrue();
        assertThat(feed.status().lagging()).isEqualTo(1);
        assertThat(feed.laggingCursors()).isEqualTo(1);
        sleeps.close();
        assertThat(feed.status().lagging()).isZero();
    }

    @Test
    void theLargestLagIsThatOfTheCursorThatIsFarthestBehind() throws Exception {
        Subscription reads = subscribe();
        Subscription sleeps = subscribe();
        publish(5);
        commits.runAll();
        while (reads.poll(1 << 16) != null) {
            assertThat(reads.seq()).isPositive();
        }

        assertThat(feed.status().subscriptions()).isEqualTo(2);
        assertThat(feed.status().largestLag()).isEqualTo(5);
        sleeps.close();
        assertThat(feed.status().subscriptions()).isEqualTo(1);
        assertThat(feed.status().largestLag()).isZero();
    }
}
