package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Filter;
import io.tidegate.document.Position;
import io.tidegate.feed.Publication.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order of changes, their commit in groups, and the drain. */
class FeedTest {

    private static final Change CHANGE = Change.put("c", "k", "1");

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();

    private static void nobody() {}

    private static FeedSettings settings(int queueUpdates, long queueBytes, int batchUpdates, int batchBytes) {
        return new FeedSettings(
                queueUpdates,
                queueBytes,
                batchUpdates,
                batchBytes,
                1 << 16,
                1L << 30,
                1 << 20,
                Duration.ZERO,
                new Hub.Settings(16, 1 << 20),
                new Retention(1_000_000, 1 << 30, Duration.ZERO));
    }

    private Feed feed(FeedSettings settings) {
        return new Feed(log, settings, new TextEncoder(), commits, Runnable::run, Runnable::run);
    }

    private Feed feed() {
        return feed(settings(1000, 1 << 20, 100, 1 << 16));
    }

    private static List<Publication> publish(Feed feed, int count) {
        List<Publication> publications = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publications.add(feed.publish(CHANGE, FeedTest::nobody));
        }
        return publications;
    }

    private List<Integer> groups() {
        return log.batches().stream().map(Batch::count).toList();
    }

    @Test
    void changesAreNumberedWithoutAGap() {
        Feed feed = feed();

        List<Publication> publications = publish(feed, 3);
        commits.runAll();
        publications.addAll(publish(feed, 2));
        commits.runAll();

        assertThat(publications).extracting(Publication::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(feed.head()).isEqualTo(new Position(MemoryFeedLog.EPOCH, 5));
        assertThat(feed.committedUpdates()).isEqualTo(5);
    }

    @Test
    void aPublicationIsNotSettledBeforeItIsCommittedAndShown() {
        Feed feed = feed();
        List<String> trace = new ArrayList<>();
        log.beforeAppend(() -> trace.add("append, head " + feed.head().seq()));

        Publication publication = feed.publish(
                CHANGE, () -> trace.add("settled, head " + feed.head().seq()));
        assertThat(publication.isSettled()).isFalse();
        assertThat(publication.seq()).isZero();
        commits.runAll();

        assertThat(trace).containsExactly("append, head 0", "settled, head 1");
        assertThat(publication.isSettled()).isTrue();
        assertThat(publication.refusal()).isNull();
    }

    @Test
    void whileOneCommitIsUnderWayTheNextGroupGathers() {
        Feed feed = feed();
        log.beforeAppend(() -> {
            log.beforeAppend(() -> {});
            publish(feed, 7);
        });

        publish(feed, 1);
        int tasks = commits.pending();
        commits.runAll();

        assertThat(tasks).isEqualTo(1);
        assertThat(groups()).containsExactly(1, 7);
    }

    @Test
    void oneCommitTaskServesAllThatGathers() {
        Feed feed = feed();

        publish(feed, 5);

        assertThat(commits.pending()).isEqualTo(1);
        commits.runAll();
        publish(feed, 1);
        assertThat(commits.pending()).isEqualTo(1);
    }

    @Test
    void aGroupHasALimitedNumberOfUpdates() {
        Feed feed = feed(settings(1000, 1 << 20, 4, 1 << 16));

        publish(feed, 10);
        commits.runAll();

        assertThat(groups()).containsExactly(4, 4, 2);
    }

    @Test
    void aGroupIsClosedByTheUpdateThatReachesItsBytes() {
        int weight = CHANGE.weight();
        Feed feed = feed(settings(1000, 1 << 20, 100, 2 * weight + 1));

        publish(feed, 7);
        commits.runAll();

        assertThat(groups()).containsExactly(3, 3, 1);
    }

    @Test
    void aChangeLargerThanAGroupIsCommittedAllTheSame() {
        Feed feed = feed(settings(1000, 1 << 20, 100, 1024));

        Publication large = feed.publish(Change.put("c", "k", "\"" + "x".repeat(5000) + "\""), FeedTest::nobody);
        List<Publication> others = publish(feed, 1);
        commits.runAll();

        assertThat(large.seq()).isEqualTo(1);
        assertThat(others.get(0).seq()).isEqualTo(2);
        assertThat(groups()).containsExactly(1, 1);
    }

    @Test
    void aLogIsContinuedWhereItEnded() {
        publish(feed(), 3);
        commits.runAll();

        Feed next = feed();
        Publication publication = next.publish(CHANGE, FeedTest::nobody);
        commits.runAll();

        assertThat(publication.seq()).isEqualTo(4);
        assertThat(next.committedUpdates()).isEqualTo(1);
        List<Batch> batches = log.batches();
        assertThat(batches.get(1).bytesBefore()).isEqualTo(batches.get(0).bytesAfter());
    }

    // ---- a store that fails

    @Test
    void aFailedCommitRefusesItsGroupOnlyAndLeavesNoGap() {
        Feed feed = feed(settings(1000, 1 << 20, 2, 1 << 16));
        List<Publication> before = publish(feed, 2);
        List<Publication> failing = publish(feed, 2);
        List<Publication> after = publish(feed, 2);
        var appends = new AtomicInteger();
        log.beforeAppend(
                () -> log.failAppends(appends.incrementAndGet() == 2 ? new FeedLogException("no space") : null));

        commits.runAll();

        assertThat(before).extracting(Publication::seq).containsExactly(1L, 2L);
        assertThat(failing).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(failing).extracting(Publication::seq).containsOnly(0L);
        assertThat(after).extracting(Publication::seq).containsExactly(3L, 4L);
        assertThat(log.batches()).extracting(Batch::firstSeq).containsExactly(1L, 3L);
        assertThat(log.batches().get(1).bytesBefore())
                .isEqualTo(log.batches().get(0).bytesAfter());
    }

    @Test
    void aFailureIsShownUntilTheStoreWorksAgain() {
        Feed feed = feed();
        assertThat(feed.storeFailure()).isNull();

        log.failAppends(new FeedLogException("no space"));
        publish(feed, 1);
        commits.runAll();
        assertThat(feed.storeFailure()).isEqualTo("no space");
        log.failAppends(null);
        publish(feed, 1);
        commits.runAll();

        assertThat(feed.storeFailure()).isNull();
    }

    @Test
    void aBugInTheStoreRefusesTheGroupToo() {
        Feed feed = feed();
        log.failAppends(new IllegalStateException("bug"));
        Publication failing = feed.publish(CHANGE, FeedTest::nobody);
        commits.runAll();
        log.failAppends(null);

        Publication next = feed.publish(CHANGE, FeedTest::nobody);
        commits.runAll();

        assertThat(failing.refusal()).isEqualTo(Refusal.STORE_FAILED);
        assertThat(next.seq()).isEqualTo(1);
    }

    @Test
    void anErrorInACommitDoesNotStopTheFeedForEver() {
        Feed feed = feed();
        log.failAppends(new OutOfMemoryError("Direct buffer memory"));
        Publication failing = feed.publish(CHANGE, FeedTest::nobody);
        runAllDespiteErrors();
        log.failAppends(null);

        Publication next = feed.publish(CHANGE, FeedTest::nobody);
        runAllDespiteErrors();

        assertThat(failing.isSettled()).isTrue();
        assertThat(next.isSettled()).isTrue();
        assertThat(feed.drain()).isCompleted();
    }

    /** As an executor's thread does: an error ends the task, not the executor. */
    private void runAllDespiteErrors() {
        try {
            commits.runAll();
        } catch (OutOfMemoryError e) {
            assertThat(e).hasMessage("Direct buffer memory");
        }
    }

    // ---- room

    @Test
    void theQueueHasRoomUpToItsNumberOfUpdates() {
        Feed feed = feed(settings(3, 1 << 20, 2, 1 << 16));
        publish(feed, 2);
        assertThat(feed.hasRoom()).isTrue();

        publish(feed, 1);
        assertThat(feed.hasRoom()).isFalse();
        commits.runAll();

        assertThat(feed.hasRoom()).isTrue();
    }

    @Test
    void theQueueHasRoomUpToItsBytes() {
        Feed feed = feed(settings(1000, 2L * CHANGE.weight(), 2, 1 << 16));
        publish(feed, 1);
        assertThat(feed.hasRoom()).isTrue();

        publish(feed, 1);
        assertThat(feed.hasRoom()).isFalse();
        commits.runAll();

        assertThat(feed.hasRoom()).isTrue();
    }

    @Test
    void whoAwaitsRoomIsSignalledWhenThereIs() {
        Feed feed = feed(settings(2, 1 << 20, 1, 1 << 16));
        var signals = new AtomicInteger();
        publish(feed, 3);

        feed.awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));
        feed.awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));
        List<Integer> signalled = new ArrayList<>();
        log.beforeAppend(() -> signalled.add(signals.get()));
        commits.runAll();

        assertThat(signalled).containsExactly(0, 2, 2);
    }

    @Test
    void whoAwaitsRoomThatIsThereIsSignalledAtOnce() {
        var signals = new AtomicInteger();

        feed().awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));

        assertThat(signals).hasValue(1);
    }

    @Test
    void roomComesAlsoWhenTheStoreFails() {
        Feed feed = feed(settings(1, 1 << 20, 1, 1 << 16));
        var signals = new AtomicInteger();
        log.failAppends(new FeedLogException("no space"));
        publish(feed, 3);

        feed.awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));
        commits.runAll();

        assertThat(signals).hasValue(1);
        assertThat(feed.hasRoom()).isTrue();
    }

    // ---- drain

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
        Feed feed = feed(settings(1000, 1 << 20, 2, 1 << 16));
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

    @Test
    void changesOfAnAbandonedCommitAreRefusedAndShownToNobody() {
        Feed feed = feed(settings(1000, 1 << 20, 2, 1 << 16));
        List<Publication> stuck = publish(feed, 4);
        log.beforeAppend(feed::abandon);

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        commits.runAll();

        assertThat(stuck).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(drained).isCompletedWithValue(0L);
        assertThat(feed.hub().find(1)).isEqualTo(-1);
    }

    @Test
    void afterAnAbandonedCommitNothingMoreIsWritten() {
        Feed feed = feed(settings(1000, 1 << 20, 1, 1 << 16));
        publish(feed, 3);
        var appends = new AtomicInteger();
        log.beforeAppend(() -> {
            appends.incrementAndGet();
            feed.abandon();
        });

        commits.runAll();

        assertThat(appends)
                .as("appends with numbers that the store may have used already")
                .hasValue(1);
    }

    @Test
    void whatAnAbandonedCommitWroteIsNotServedFromTheLogEither() throws FeedLogException {
        var settings = new FeedSettings(
                1000,
                1 << 20,
                1,
                1 << 16,
                1 << 16,
                1L << 30,
                1 << 20,
                Duration.ZERO,
                new Hub.Settings(1, 1),
                new Retention(1000, 1 << 20, Duration.ZERO));
        Feed feed = feed(settings);
        publish(feed, 3);
        commits.runAll();
        Subscription lagging = feed.subscribeAfter(0, Filter.ALL, new Wakeup(Runnable::run, FeedTest::nobody));
        publish(feed, 1);
        log.beforeAppend(feed::abandon);
        commits.runAll();

        EventLines lines = lagging.poll(1 << 16);

        assertThat(lines)
                .isNotNull()
                .satisfies(handed -> assertThat(handed.bytes().utf8String()).isEqualTo("1 c/k 1\n2 c/k 1\n3 c/k 1\n"));
    }

    // ---- positions

    @Test
    void onlyPositionsThatTheLogHoldsAreServed() {
        Feed feed = feed(settings(1000, 1 << 20, 2, 1 << 16));
        publish(feed, 10);
        commits.runAll();
        log.trimTo(4);
        var wakeup = new Wakeup(Runnable::run, FeedTest::nobody);

        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 3), Filter.ALL, wakeup))
                .isNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 4), Filter.ALL, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 10), Filter.ALL, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 11), Filter.ALL, wakeup))
                .isNull();
        assertThat(feed.subscribe(new Position("other", 5), Filter.ALL, wakeup)).isNull();
    }

    @Test
    void theBeginningOfAnEmptyLogIsServed() {
        Feed feed = feed();
        var wakeup = new Wakeup(Runnable::run, FeedTest::nobody);

        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 0), Filter.ALL, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 1), Filter.ALL, wakeup))
                .isNull();
    }

    // ---- retention

    @Test
    void theLogIsTrimmedToItsNumberOfUpdates() {
        Feed feed = feed(new FeedSettings(
                1000,
                1 << 20,
                1,
                1 << 16,
                1 << 16,
                1L << 30,
                1 << 20,
                Duration.ZERO,
                new Hub.Settings(1, 1),
                new Retention(10, 1 << 30, Duration.ZERO)));

        publish(feed, 50);
        commits.runAll();

        assertThat(log.batches()).extracting(Batch::firstSeq).startsWith(41L).hasSize(10);
    }

    @Test
    void theLogIsTrimmedToItsBytesWhenUpdatesAreLarge() {
        long retainedBytes = 1 << 20;
        Feed feed = feed(new FeedSettings(
                1000,
                1 << 20,
                1,
                1 << 16,
                1 << 16,
                1L << 30,
                1 << 20,
                Duration.ZERO,
                new Hub.Settings(1, 1),
                new Retention(1_000_000, retainedBytes, Duration.ZERO)));
        Change large = Change.put("c", "k", "\"" + "x".repeat(20_000) + "\"");

        for (int i = 0; i < 500; i++) {
            var unused = feed.publish(large, FeedTest::nobody);
            commits.runAll();
        }

        List<Batch> kept = log.batches();
        long bytes = kept.get(kept.size() - 1).bytesAfter() - kept.get(0).bytesBefore();
        assertThat(bytes).as("bytes kept of 10 MB").isLessThan(retainedBytes * 11 / 10);
    }

    // ---- many threads

    private static final class Counted implements Runnable {
        private final AtomicInteger settled = new AtomicInteger();

        @Override
        public void run() {
            settled.incrementAndGet();
        }
    }

    @Test
    void manyPublishersAreEachSettledExactlyOnceWhileTheFeedDrains() throws Exception {
        int publishers = 8;
        ExecutorService committer = Executors.newSingleThreadExecutor();
        Feed feed = new Feed(
                log, settings(1000, 1 << 30, 64, 1 << 16), new TextEncoder(), committer, Runnable::run, Runnable::run);
        List<List<Publication>> publications = new ArrayList<>();
        List<List<Counted>> counts = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        var underWay = new CountDownLatch(publishers * 500);
        for (int i = 0; i < publishers; i++) {
            List<Publication> mine = new ArrayList<>();
            List<Counted> myCounts = new ArrayList<>();
            publications.add(mine);
            counts.add(myCounts);
            threads.add(new Thread(() -> {
                do {
                    while (!feed.hasRoom()) {
                        Thread.onSpinWait();
                    }
                    var counted = new Counted();
                    myCounts.add(counted);
                    mine.add(feed.publish(CHANGE, counted));
                    underWay.countDown();
                } while (mine.get(mine.size() - 1).refusal() != Refusal.DRAINING);
            }));
        }
        threads.forEach(Thread::start);
        assertThat(underWay.await(20, TimeUnit.SECONDS)).isTrue();

        long head = feed.drain().toCompletableFuture().get(20, TimeUnit.SECONDS);
        for (Thread thread : threads) {
            thread.join();
        }
        committer.shutdown();
        assertThat(committer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        List<Long> accepted = publications.stream()
                .flatMap(List::stream)
                .map(Publication::seq)
                .filter(seq -> seq != 0)
                .sorted()
                .toList();
        assertThat(counts).allSatisfy(mine -> assertThat(mine).allMatch(counted -> counted.settled.get() == 1));
        assertThat(publications).allSatisfy(mine -> {
            assertThat(mine).allMatch(Publication::isSettled);
            List<Long> seqs =
                    mine.stream().map(Publication::seq).filter(seq -> seq != 0).toList();
            assertThat(seqs).isSorted();
            assertThat(mine.stream().filter(each -> each.refusal() == Refusal.DRAINING))
                    .hasSize(1);
        });
        assertThat(accepted).hasSize((int) head);
        assertThat(accepted.get(0)).isEqualTo(1);
        assertThat(accepted.get(accepted.size() - 1)).isEqualTo(head);
        assertThat(feed.head().seq()).isEqualTo(head);
    }

    @Test
    void aStuckCommitHoldsUpTheDrainButNotThePublishers() throws Exception {
        ExecutorService committer = Executors.newSingleThreadExecutor();
        Feed feed = new Feed(
                log, settings(1000, 1 << 20, 64, 1 << 16), new TextEncoder(), committer, Runnable::run, Runnable::run);
        CountDownLatch release = log.holdAppends();
        List<Publication> publications = publish(feed, 10);

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        Publication late = feed.publish(CHANGE, FeedTest::nobody);
        assertThat(drained).isNotDone();
        release.countDown();

        assertThat(drained.get(10, TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(publications).allMatch(publication -> publication.seq() > 0);
        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
        committer.shutdown();
    }
}
