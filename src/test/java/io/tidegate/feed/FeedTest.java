package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The order of changes, their commit in groups, and the room for them. */
class FeedTest extends FeedFixture {

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
    void theThreadThatCommitsHasTimeForOthersUnlessMoreWaits() {
        List<Boolean> idle = new ArrayList<>();
        var turns = new Turns() {
            @Override
            public void execute(Runnable turn) {
                turn.run();
            }

            @Override
            public void wake(Runnable waking, BooleanSupplier isIdle) {
                waking.run();
                idle.add(isIdle.getAsBoolean());
            }
        };
        var feed = new Feed(
                log,
                FeedLimits.roomy().settings(),
                new TextEncoder(),
                commits,
                Runnable::run,
                turns,
                CommitObserver.NONE);

        feed.publish(CHANGE, () -> publish(feed, 1));
        commits.runAll();
        feed.publish(Change.put("c", "k", '"' + "x".repeat(20_000) + '"'), FeedFixture::nobody);
        commits.runAll();

        assertThat(groups()).containsExactly(1, 1, 1);
        assertThat(idle).as("one that is large takes its time").containsExactly(false, true, false);
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
        Feed feed = feed(FeedLimits.roomy().commit(4, 1 << 16));

        publish(feed, 10);
        commits.runAll();

        assertThat(groups()).containsExactly(4, 4, 2);
    }

    @Test
    void aGroupIsClosedByTheUpdateThatReachesItsBytes() {
        int weight = CHANGE.weight();
        Feed feed = feed(FeedLimits.roomy().commit(100, 2 * weight + 1));

        publish(feed, 7);
        commits.runAll();

        assertThat(groups()).containsExactly(3, 3, 1);
    }

    @Test
    void aChangeLargerThanAGroupIsCommittedAllTheSame() {
        Feed feed = feed(FeedLimits.roomy().commit(100, 1024));

        Publication large = feed.publish(Change.put("c", "k", "\"" + "x".repeat(5000) + "\""), FeedFixture::nobody);
        List<Publication> others = publish(feed, 1);
        commits.runAll();

        assertThat(large.seq()).isEqualTo(1);
        assertThat(others.get(0).seq()).isEqualTo(2);
        assertThat(groups()).containsExactly(1, 1);
    }

    @Test
    void aCommitOfSeveralBatchesIsShownAtOnceOrNotAtAll() {
        Feed feed = feed(FeedLimits.roomy().batch(2, 1 << 16));
        List<Long> headsSeen = new ArrayList<>();
        log.afterAppend(() -> headsSeen.add(feed.head().seq()));
        publish(feed, 5);
        log.failAppends(new FeedLogException("no space"));
        List<Publication> refused = publish(feed, 1);

        commits.runAll();

        assertThat(refused.get(0).refusal()).isEqualTo(Publication.Refusal.STORE_FAILED);
        assertThat(groups()).isEmpty();
        assertThat(feed.head().seq()).isZero();

        log.failAppends(null);
        List<Publication> accepted = publish(feed, 5);
        commits.runAll();

        assertThat(accepted).extracting(Publication::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(groups()).containsExactly(2, 2, 1);
        assertThat(headsSeen).containsExactly(0L);
        assertThat(feed.head().seq()).isEqualTo(5);
        assertThat(feed.committedUpdates()).isEqualTo(5);
    }

    @Test
    void aLogIsContinuedWhereItEnded() {
        publish(feed(), 3);
        commits.runAll();

        Feed next = feed();
        Publication publication = next.publish(CHANGE, FeedFixture::nobody);
        commits.runAll();

        assertThat(publication.seq()).isEqualTo(4);
        assertThat(next.committedUpdates()).isEqualTo(1);
        assertThat(log.orderState().offset()).isEqualTo(4);
        List<Batch> batches = log.batches();
        assertThat(batches.get(1).bytesBefore()).isEqualTo(batches.get(0).bytesAfter());
    }

    // ---- room

    @Test
    void theQueueHasRoomUpToItsNumberOfUpdates() {
        Feed feed = feed(FeedLimits.roomy().queue(3, 1 << 20).commit(2, 1 << 16));
        publish(feed, 2);
        assertThat(feed.hasRoom()).isTrue();

        publish(feed, 1);
        assertThat(feed.hasRoom()).isFalse();
        commits.runAll();

        assertThat(feed.hasRoom()).isTrue();
    }

    @Test
    void theQueueHasRoomUpToItsBytes() {
        Feed feed = feed(FeedLimits.roomy().queue(1000, 2L * CHANGE.weight()).commit(2, 1 << 16));
        publish(feed, 1);
        assertThat(feed.hasRoom()).isTrue();

        publish(feed, 1);
        assertThat(feed.hasRoom()).isFalse();
        commits.runAll();

        assertThat(feed.hasRoom()).isTrue();
    }

    @Test
    void whoAwaitsRoomIsSignalledWhenThereIs() {
        Feed feed = feed(FeedLimits.roomy().queue(2, 1 << 20).commit(1, 1 << 16));
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
    void whoHasLeftIsNotToldOfRoom() {
        Feed feed = feed(FeedLimits.roomy().queue(1, 1 << 20));
        publish(feed, 1);
        var signals = new AtomicInteger();
        var wakeup = new Wakeup(Runnable::run, signals::incrementAndGet);
        feed.awaitRoom(wakeup);

        feed.leaveRoom(wakeup);
        commits.runAll();

        assertThat(signals).hasValue(0);
    }

    @Test
    void roomComesAlsoWhenTheStoreFails() {
        Feed feed = feed(FeedLimits.roomy().queue(1, 1 << 20).commit(1, 1 << 16));
        var signals = new AtomicInteger();
        log.failAppends(new FeedLogException("no space"));
        publish(feed, 3);

        feed.awaitRoom(new Wakeup(Runnable::run, signals::incrementAndGet));
        commits.runAll();

        assertThat(signals).hasValue(1);
        assertThat(feed.hasRoom()).isTrue();
    }
}
