package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Those who wait for a position that another server has told already. */
class BarrierTest extends FeedFixture {

    private static final Duration WAIT = Duration.ofSeconds(5);

    private final Feed feed = feed(FeedLimits.roomy().commit(1, 1 << 16).futureWait(WAIT));

    private CompletableFuture<Boolean> await(long seq) {
        return feed.awaitPosition(new Position(MemoryFeedLog.EPOCH, seq));
    }

    private void commit(int count) {
        publish(feed, count);
        commits.runAll();
    }

    private void timePasses(Duration time) {
        feed.endWaits(System.nanoTime() + time.toNanos());
    }

    @Test
    void aPositionThatIsThereIsNotWaitedFor() {
        commit(2);

        assertThat(await(2)).isCompletedWithValue(true);
        assertThat(await(0)).isCompletedWithValue(true);
    }

    @Test
    void aPositionThatCannotComeIsNotWaitedFor() {
        commit(2);
        log.beginEpoch();

        assertThat(feed.awaitPosition(new Position("0ther", 1))).isCompletedWithValue(false);
        assertThat(await(3)).as("of an epoch that has ended").isCompletedWithValue(false);
        assertThat(await(2)).isCompletedWithValue(true);
        assertThat(feed.awaitPosition(new Position(log.epochs().newest(), 3))).isNotDone();
    }

    @Test
    void whoWaitsIsToldByTheCommitThatComesToItsPosition() {
        CompletableFuture<Boolean> near = await(1);
        CompletableFuture<Boolean> far = await(3);

        commit(1);
        assertThat(near).isCompletedWithValue(true);
        commit(1);
        assertThat(far).isNotDone();
        commit(1);

        assertThat(far).isCompletedWithValue(true);
    }

    @Test
    void nobodyWaitsForLonger() {
        CompletableFuture<Boolean> arrival = await(1);

        timePasses(WAIT.minusSeconds(1));
        assertThat(arrival).isNotDone();
        timePasses(WAIT);

        assertThat(arrival).isCompletedWithValue(false);
        commit(1);
        assertThat(arrival).isCompletedWithValue(false);
    }

    @Test
    void withoutAWaitNothingIsWaitedFor() {
        Feed impatient = feed(FeedLimits.roomy().futureWait(Duration.ZERO));

        assertThat(impatient.awaitPosition(new Position(MemoryFeedLog.EPOCH, 1)))
                .isCompletedWithValue(false);
    }

    @Test
    void aDrainEndsEveryWait() {
        CompletableFuture<Boolean> arrival = await(1);

        var unused = feed.drain();

        assertThat(arrival).isCompletedWithValue(false);
        assertThat(await(1)).isCompletedWithValue(false);
    }

    @Test
    void anAbandonedFeedEndsEveryWait() {
        CompletableFuture<Boolean> arrival = await(1);

        feed.abandon();

        assertThat(arrival).isCompletedWithValue(false);
    }

    @Test
    void whoWaitsIsToldOnATurn() {
        var turns = new StepExecutor();
        var hub = new Hub(new Hub.Settings(16, 1 << 20), 0);
        var barrier = new Barrier(hub, turns, WAIT);
        CompletableFuture<Boolean> arrival = barrier.await(1, 0);

        barrier.look(WAIT.toNanos());

        assertThat(arrival).isNotDone();
        turns.runAll();
        assertThat(arrival).isCompletedWithValue(false);
    }

    @Test
    void whoLeavesIsForgotten() {
        var barrier = new Barrier(new Hub(new Hub.Settings(16, 1 << 20), 0), Runnable::run, WAIT);
        CompletableFuture<Boolean> first = barrier.await(1, 0);
        CompletableFuture<Boolean> second = barrier.await(1, 0);
        assertThat(barrier.size()).isEqualTo(2);

        first.cancel(false);
        assertThat(barrier.size()).isEqualTo(1);
        barrier.look(WAIT.toNanos());

        assertThat(second).isCompletedWithValue(false);
        assertThat(barrier.size()).isZero();
    }
}
