package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A feed takes no further changes, and settles all that it took. */
class FeedDrainTest extends FeedFixture {

    @Test
    void anIdleFeedIsDrainedAtOnceAndRefusesFromThenOn() {
        Feed feed = feed();
        publish(feed, 2);
        commits.runAll();
        var settled = new AtomicInteger();

        assertThat(feed.isDrained()).isFalse();
        assertThat(feed.drain()).isCompletedWithValue(2L);
        Publication late = feed.publish(CHANGE, settled::incrementAndGet);

        assertThat(feed.isDrained()).isTrue();
        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
        assertThat(settled).hasValue(1);
        assertThat(commits.pending()).isZero();
    }

    @Test
    void whatWasTakenBeforeTheDrainIsCommitted() {
        Feed feed = feed(FeedLimits.roomy().commit(2, 1 << 16));
        List<Publication> taken = publish(feed, 5);

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        assertThat(drained).isNotDone();
        log.beforeAppend(() -> assertThat(drained).isNotDone());
        commits.runAll();

        assertThat(drained).isCompletedWithValue(5L);
        assertThat(taken).extracting(Publication::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aDrainEndsAlsoWhenTheLastCommitFails() {
        Feed feed = feed();
        publish(feed, 2);
        log.failAppends(new FeedLogException("no space"));

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        commits.runAll();

        assertThat(drained).isCompletedWithValue(0L);
    }

    @Test
    void drainingTwiceIsTheSameDrain() {
        Feed feed = feed();
        publish(feed, 1);
        CompletableFuture<Long> first = feed.drain().toCompletableFuture();

        CompletableFuture<Long> second = feed.drain().toCompletableFuture();
        commits.runAll();

        assertThat(first).isCompletedWithValue(1L);
        assertThat(second).isCompletedWithValue(1L);
    }

    // ---- many threads

    private static final class Counted implements Runnable {
        private final AtomicInteger settled = new AtomicInteger();

        @Override
        public void run() {
            settled.incrementAndGet();
        }
    }

    /** A thread that publishes until the feed drains. */
    private static final class Publisher implements Runnable {

        private final Feed feed;
        private final CountDownLatch underWay;
        private final List<Publication> publications = new ArrayList<>();
        private final List<Counted> counts = new ArrayList<>();

        Publisher(Feed feed, CountDownLatch underWay) {
            this.feed = feed;
            this.underWay = underWay;
        }

        @Override
        public void run() {
            do {
                while (!feed.hasRoom()) {
                    Thread.onSpinWait();
                }
                var counted = new Counted();
                counts.add(counted);
                publications.add(feed.publish(CHANGE, counted));
                underWay.countDown();
            } while (publications.get(publications.size() - 1).refusal() != Refusal.DRAINING);
        }

        List<Long> accepted() {
            return publications.stream()
                    .map(Publication::seq)
                    .filter(seq -> seq != 0)
                    .toList();
        }

        void requireEachSettledOnceAndTheLastOneRefused() {
            assertThat(counts).allMatch(counted -> counted.settled.get() == 1);
            assertThat(publications).allMatch(Publication::isSettled);
            assertThat(accepted()).isSorted();
            assertThat(publications.stream().filter(each -> each.refusal() == Refusal.DRAINING))
                    .hasSize(1);
        }
    }

    @Test
    void manyPublishersAreEachSettledExactlyOnceWhileTheFeedDrains() throws Exception {
        ExecutorService committer = Executors.newSingleThreadExecutor();
        Feed feed = feed(FeedLimits.roomy().queue(1000, 1 << 30).commit(64, 1 << 16), committer, Runnable::run);
        var underWay = new CountDownLatch(8 * 500);
        List<Publisher> publishers =
                Stream.generate(() -> new Publisher(feed, underWay)).limit(8).toList();
        List<Thread> threads = publishers.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

        long head = feed.drain().toCompletableFuture().get(60, TimeUnit.SECONDS);
        for (Thread thread : threads) {
            thread.join();
        }
        committer.shutdown();
        assertThat(committer.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        publishers.forEach(Publisher::requireEachSettledOnceAndTheLastOneRefused);
        List<Long> accepted = publishers.stream()
                .map(Publisher::accepted)
                .flatMap(List::stream)
                .sorted()
                .toList();
        assertThat(accepted).hasSize((int) head);
        assertThat(accepted.get(0)).isEqualTo(1);
        assertThat(accepted.get(accepted.size() - 1)).isEqualTo(head);
        assertThat(feed.head().seq()).isEqualTo(head);
    }

    @Test
    void aStuckCommitHoldsUpTheDrainButNotThePublishers() throws Exception {
        ExecutorService committer = Executors.newSingleThreadExecutor();
        Feed feed = feed(FeedLimits.roomy().commit(64, 1 << 16), committer, Runnable::run);
        CountDownLatch release = log.holdAppends();
        List<Publication> publications = publish(feed, 10);

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        Publication late = feed.publish(CHANGE, FeedFixture::nobody);
        assertThat(drained).isNotDone();
        release.countDown();

        assertThat(drained.get(60, TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(publications).allMatch(publication -> publication.seq() > 0);
        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
        committer.shutdown();
    }
}
