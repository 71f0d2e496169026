package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which positions are served, and how much of the log is kept for them. */
class FeedRetentionTest extends FeedFixture {

    // ---- positions

    @Test
    void onlyPositionsThatTheLogHoldsAreServed() {
        Feed feed = feed(FeedLimits.roomy().commit(2, 1 << 16));
        publish(feed, 10);
        commits.runAll();
        log.trimTo(4);
        var wakeup = new Wakeup(Runnable::run, FeedFixture::nobody);

        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 3), Selection.ALL, Steps.EVERY, wakeup))
                .isNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 4), Selection.ALL, Steps.EVERY, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 10), Selection.ALL, Steps.EVERY, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 11), Selection.ALL, Steps.EVERY, wakeup))
                .isNull();
        assertThat(feed.subscribe(new Position("other", 5), Selection.ALL, Steps.EVERY, wakeup))
                .isNull();
    }

    @Test
    void theBeginningOfAnEmptyLogIsServed() {
        Feed feed = feed();
        var wakeup = new Wakeup(Runnable::run, FeedFixture::nobody);

        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 0), Selection.ALL, Steps.EVERY, wakeup))
                .isNotNull();
        assertThat(feed.subscribe(new Position(MemoryFeedLog.EPOCH, 1), Selection.ALL, Steps.EVERY, wakeup))
                .isNull();
    }

    // ---- retention

    @Test
    void theLogIsTrimmedToItsNumberOfUpdates() {
        Feed feed = feed(FeedLimits.roomy().commit(1, 1 << 16).ring(1, 1).retention(10, 1 << 30));

        publish(feed, 50);
        commits.runAll();

        assertThat(log.batches()).extracting(Batch::firstSeq).startsWith(41L).hasSize(10);
    }

    @Test
    void theLogIsTrimmedToItsBytesWhenUpdatesAreLarge() {
        long retainedBytes = 1 << 20;
        Feed feed = feed(FeedLimits.roomy().commit(1, 1 << 16).ring(1, 1).retention(1_000_000, retainedBytes));
        Change large = Change.put("c", "k", "\"" + "x".repeat(20_000) + "\"");

        for (int i = 0; i < 500; i++) {
            var unused = feed.publish(large, FeedFixture::nobody);
            commits.runAll();
        }

        List<Batch> kept = log.batches();
        long bytes = kept.get(kept.size() - 1).bytesAfter() - kept.get(0).bytesBefore();
        assertThat(bytes).as("bytes kept of 10 MB").isLessThan(retainedBytes * 11 / 10);
    }
}
