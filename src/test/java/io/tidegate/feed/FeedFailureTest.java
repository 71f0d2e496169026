package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Selection;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A store that fails: who is refused, and what nobody sees. */
class FeedFailureTest extends FeedFixture {

    @Test
    void aFailedCommitRefusesItsGroupOnlyAndLeavesNoGap() {
        Feed feed = feed(FeedLimits.roomy().commit(2, 1 << 16));
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
        Publication failing = feed.publish(CHANGE, FeedFixture::nobody);
        commits.runAll();
        log.failAppends(null);

        Publication next = feed.publish(CHANGE, FeedFixture::nobody);
        commits.runAll();

        assertThat(failing.refusal()).isEqualTo(Refusal.STORE_FAILED);
        assertThat(next.seq()).isEqualTo(1);
    }

    @Test
    void anErrorInACommitDoesNotStopTheFeedForEver() {
        Feed feed = feed();
        log.failAppends(new OutOfMemoryError("Direct buffer memory"));
        Publication failing = feed.publish(CHANGE, FeedFixture::nobody);
        runAllDespiteErrors();
        log.failAppends(null);

        Publication next = feed.publish(CHANGE, FeedFixture::nobody);
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

    @Test
    void changesOfAnAbandonedCommitAreRefusedAndShownToNobody() {
        Feed feed = feed(FeedLimits.roomy().commit(2, 1 << 16));
        List<Publication> stuck = publish(feed, 4);
        log.beforeAppend(feed::abandon);

        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        commits.runAll();

        assertThat(stuck).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(drained).isCompletedWithValue(0L);
        assertThat(feed.hub().find(1)).isEqualTo(-1);
    }

    @Test
    void abandoningAnswersEveryPublisherThoughTheStoreIsStillStuck() throws Exception {
        ExecutorService committer = Executors.newSingleThreadExecutor();
        Feed feed = feed(FeedLimits.roomy().commit(2, 1 << 16), committer, Runnable::run);
        CountDownLatch release = log.holdAppends();
        var appending = new CountDownLatch(1);
        log.beforeAppend(appending::countDown);
        var settled = new AtomicInteger();
        List<Publication> stuck = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stuck.add(feed.publish(CHANGE, settled::incrementAndGet));
        }
        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        assertThat(appending.await(60, TimeUnit.SECONDS)).isTrue();

        feed.abandon();
        assertThat(stuck).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(drained).isCompletedWithValue(0L);
        release.countDown();
        committer.shutdown();
        assertThat(committer.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(settled).hasValue(5);
        assertThat(feed.head().seq()).isZero();
        assertThat(log.batches()).as("what the store finished at last").hasSize(1);
    }

    @Test
    void whoWaitsForRoomIsSignalledWhenTheFeedIsAbandoned() {
        Feed feed = feed(FeedLimits.roomy().queue(2, 1 << 20));
        publish(feed, 2);
        var signals = new AtomicInteger();
        feed.awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));

        feed.abandon();

        assertThat(signals).hasValue(1);
        assertThat(publish(feed, 1)).extracting(Publication::refusal).containsOnly(Refusal.DRAINING);
    }

    @Test
    void aSnapshotShowsNothingOfAnAbandonedCommit() {
        var reads = new StepExecutor();
        Feed feed = feed(FeedLimits.roomy(), commits, reads);
        publish(feed, 1);
        log.beforeAppend(feed::abandon);
        commits.runAll();

        SnapshotReader reader = feed.readSnapshot(Selection.ALL, 100, new Wakeup(Runnable::run, FeedFixture::nobody));
        reads.runAll();

        assertThatThrownBy(reader::poll).isInstanceOf(FeedLogException.class).hasMessageContaining("nobody was sent");
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aSnapshotThatIsAheadOfTheHubWaitsUntilItsChangesAreAccepted() throws Exception {
        ExecutorService reads = Executors.newSingleThreadExecutor();
        Feed feed = feed(FeedLimits.roomy(), commits, reads);
        var ready = new CountDownLatch(1);
        var wakeup = new Wakeup(Runnable::run, ready::countDown);
        List<SnapshotReader> readers = new ArrayList<>();
        log.afterAppend(() -> {
            readers.add(feed.readSnapshot(Selection.ALL, 100, wakeup));
            log.awaitOpenSnapshots(1);
            assertThatNoException()
                    .isThrownBy(() -> assertThat(readers.get(0).poll()).isNull());
        });
        publish(feed, 1);

        commits.runAll();
        assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(readers.get(0).poll()).isNotNull();
        assertThat(readers.get(0).seq()).isEqualTo(1);
        reads.shutdown();
    }

    @Test
    void afterAnAbandonedCommitNothingMoreIsWritten() {
        Feed feed = feed(FeedLimits.roomy().commit(1, 1 << 16));
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
        Feed feed = feed(FeedLimits.roomy().commit(1, 1 << 16).ring(1, 1).retention(1000, 1 << 20));
        publish(feed, 3);
        commits.runAll();
        Subscription lagging =
                feed.subscribeAfter(0, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, FeedFixture::nobody));
        publish(feed, 1);
        log.beforeAppend(feed::abandon);
        commits.runAll();

        EventLines lines = lagging.poll(1 << 16);

        assertThat(lines)
                .isNotNull()
                .satisfies(handed -> assertThat(handed.bytes().utf8String()).isEqualTo("1 c/k 1\n2 c/k 1\n3 c/k 1\n"));
    }
}
