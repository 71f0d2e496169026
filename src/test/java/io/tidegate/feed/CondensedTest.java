package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cursors that hand out what changed instead of every step: because they want no more, or because the log was trimmed. */
class CondensedTest {

    private static final int PLENTY = 1 << 20;
    private static final int RING_BATCHES = 4;

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy()
                    .ring(RING_BATCHES, 1 << 20)
                    .retention(20, 1 << 30)
                    .settings(),
            TextEncoder.quotingKeys(),
            commits,
            reads,
            Runnable::run,
            CommitObserver.NONE);
    private final Wakeup wakeup = new Wakeup(Runnable::run, () -> {});

    CondensedTest() {
        log.rememberChanges(1000);
    }

    private void publish(String key, String value) {
        var unused = feed.publish(Change.put("c", key, value), () -> {});
        commits.runAll();
    }

    private void delete(String key) {
        var unused = feed.publish(Change.delete("c", key), () -> {});
        commits.runAll();
    }

    /** Of two documents in turn, one batch for each. */
    private void publishInTurn(int count) {
        for (int i = 0; i < count; i++) {
            publish(i % 2 == 0 ? "a" : "b", "" + i);
        }
    }

    private Subscription subscription(long after, Steps steps) {
        return feed.subscribeAfter(after, Selection.ALL, steps, wakeup);
    }

    private String drain(Subscription cursor) throws FeedLogException {
        var all = new StringBuilder();
        do {
            wakeup.reset();
            for (EventLines lines = cursor.poll(PLENTY); lines != null; lines = cursor.poll(PLENTY)) {
                all.append(lines.bytes().utf8String());
            }
        } while (reads.runNext());
        return all.toString();
    }

    /** Two steps of one document, committed at that time. */
    private void commitTwice(Hub hub, long firstSeq, long atMillis) throws FeedLogException {
        List<Change> changes = List.of(Change.put("c", "a", "1"), Change.put("c", "a", "2"));
        List<Batch> batches =
                List.of(new Batch.Builder(TextEncoder.quotingKeys()).build(changes, firstSeq, 0, 0, atMillis));
        log.append(batches, changes);
        hub.commit(batches, changes);
    }

    @Test
    void whoWantsTheNewestIsSentEveryStepUntilItIsLate() throws FeedLogException {
        var hub = new Hub(new Hub.Settings(4, 1 << 20), 0);
        var cursors = new Cursors(
                log, hub, FeedLimits.roomy().settings(), TextEncoder.quotingKeys(), new ReadBudget(1 << 20), reads);
        Subscription newest = cursors.open(0, Selection.ALL, Steps.NEWEST, wakeup);

        commitTwice(hub, 1, Long.MAX_VALUE);
        assertThat(drain(newest)).isEqualTo("1 c/\"a\" 1\n2 c/\"a\" 2\n");
        assertThat(log.reads()).isZero();
        commitTwice(hub, 3, 0);
        assertThat(drain(newest)).isEqualTo("4 c/\"a\" 2\n");
        commitTwice(hub, 5, Long.MAX_VALUE);

        assertThat(drain(newest)).isEqualTo("5 c/\"a\" 1\n6 c/\"a\" 2\n");
    }

    @Test
    void whoWantsTheNewestAndComesBackIsSentEachDocumentOnce() throws FeedLogException {
        publish("gone", "1");
        publish("a", "1");
        publish("a", "2");
        delete("gone");

        Subscription back = subscription(1, Steps.NEWEST);

        assertThat(drain(back)).isEqualTo("3 c/\"a\" 2\n4 c/\"gone\" -\n");
        assertThat(back.seq()).isEqualTo(4);
        assertThat(back.isLive()).isTrue();
        assertThat(back.beganCondensed()).isFalse();
    }

    @Test
    void whoWantsTheNewestAndFellOutOfTheRingIsSentEachDocumentOnce() throws FeedLogException {
        Subscription slow = subscription(0, Steps.NEWEST);
        publishInTurn(30);

        assertThat(drain(slow)).isEqualTo("29 c/\"a\" 28\n30 c/\"b\" 29\n");
        assertThat(slow.isLive()).isTrue();
        publish("a", "77");
        assertThat(drain(slow)).isEqualTo("31 c/\"a\" 77\n");
    }

    @Test
    void whatIsCommittedDuringTheReadComesAfterIt() throws FeedLogException {
        publishInTurn(10);
        Subscription back = subscription(0, Steps.NEWEST);
        assertThat(back.poll(PLENTY)).isNull();
        publish("a", "77");

        String lines = drain(back);

        assertThat(lines).isEqualTo("10 c/\"b\" 9\n11 c/\"a\" 77\n");
        assertThat(back.isLive()).isTrue();
    }

    @Test
    void aSelectionIsSentItsOwnDocumentsOnly() throws FeedLogException {
        publishInTurn(10);
        Subscription back = feed.subscribeAfter(0, Selection.of(List.of(Selector.parse("c/a"))), Steps.NEWEST, wakeup);

        assertThat(drain(back)).isEqualTo("9 c/\"a\" 8\n");
        assertThat(back.seq()).isEqualTo(10);
    }

    @Test
    void followersAtTheSamePlaceShareTheRead() throws FeedLogException {
        publishInTurn(10);
        Subscription one = subscription(0, Steps.NEWEST);
        Subscription other = subscription(0, Steps.NEWEST);
        assertThat(one.poll(PLENTY)).isNull();
        assertThat(other.poll(PLENTY)).isNull();
        reads.runAll();

        assertThat(one.poll(PLENTY)).isNotNull().isSameAs(other.poll(PLENTY));
        assertThat(log.reads()).isEqualTo(1);
    }

    @Test
    void readingWhatChangedDoesNotHoldUpTheTrimming() throws FeedLogException {
        publishInTurn(10);
        Subscription back = subscription(0, Steps.NEWEST);
        assertThat(back.poll(PLENTY)).isNull();

        publishInTurn(20);

        assertThat(log.batches().get(0).firstSeq()).isEqualTo(11);
        assertThat(drain(back)).endsWith("30 c/\"b\" 19\n");
    }

    @Test
    void whoWantsTheNewestIsServedFromTheLogWhileItIsNotKnownWhatChanged() throws FeedLogException {
        publishInTurn(6);
        log.rememberChanges(-100);
        log.trimTo(1);

        assertThat(feed.isServable(new Position(MemoryFeedLog.EPOCH, 1), Steps.NEWEST))
                .isTrue();
        assertThat(drain(subscription(1, Steps.NEWEST)).lines()).hasSize(5);
    }

    @Test
    void afterATrimOnlyTheStepsThatTheLogHasLostAreLeftOut() throws FeedLogException {
        publishInTurn(10);
        log.trimTo(8);

        Subscription back = subscription(0, Steps.RETAINED);

        assertThat(drain(back)).isEqualTo("9 c/\"a\" 8\n10 c/\"b\" 9\n");
        assertThat(back.beganCondensed()).isTrue();
        assertThat(back.beganCondensed()).isFalse();
        assertThat(back.isLost()).isFalse();
    }

    @Test
    void afterATrimWhatHasNotChangedSinceComesFirst() throws FeedLogException {
        publish("old", "1");
        publish("old", "2");
        publishInTurn(10);
        log.trimTo(10);

        Subscription back = subscription(0, Steps.RETAINED);

        assertThat(drain(back)).isEqualTo("2 c/\"old\" 2\n11 c/\"a\" 8\n12 c/\"b\" 9\n");
    }

    @Test
    void whoIsOvertakenByATrimGoesOnWithWhatChanged() throws FeedLogException {
        Subscription slow = subscription(0, Steps.RETAINED);
        publishInTurn(10);
        assertThat(slow.poll(PLENTY)).isNull();
        assertThat(slow.beganCondensed()).isFalse();
        log.trimTo(9);
        reads.runAll();

        assertThat(drain(slow)).endsWith("10 c/\"b\" 9\n");
        assertThat(slow.beganCondensed()).isTrue();
        assertThat(slow.isLive()).isTrue();
    }

    @Test
    void eachStretchIsToldOnce() throws FeedLogException {
        Subscription slow = subscription(0, Steps.RETAINED);
        for (int stretch = 0; stretch < 3; stretch++) {
            publishInTurn(10);
            log.trimTo(feed.head().seq() - 1);
            assertThat(drain(slow)).isNotEmpty();
            assertThat(slow.beganCondensed()).isTrue();
            publish("a", "4711");
            assertThat(drain(slow)).contains("4711");
            assertThat(slow.beganCondensed()).isFalse();
        }
    }

    @Test
    void whatIsNotKnownAnyMoreIsLost() throws FeedLogException {
        Subscription retained = subscription(0, Steps.RETAINED);
        Subscription newest = subscription(0, Steps.NEWEST);
        log.rememberChanges(2);
        publishInTurn(30);
        log.trimTo(29);

        assertThat(drain(retained)).isEmpty();
        assertThat(drain(newest)).isEmpty();
        assertThat(retained.isLost()).isTrue();
        assertThat(newest.isLost()).isTrue();
    }

    @Test
    void whoWantsEveryStepIsLostAfterATrim() throws FeedLogException {
        Subscription every = subscription(0, Steps.EVERY);
        publishInTurn(10);
        log.trimTo(9);

        assertThat(drain(every)).isEmpty();
        assertThat(every.isLost()).isTrue();
    }

    @Test
    void aHeldCursorIsSentNothingFromBeyond() throws FeedLogException {
        publishInTurn(10);
        Subscription back = subscription(0, Steps.NEWEST);
        back.holdAt(9);

        assertThat(drain(back)).isEqualTo("9 c/\"a\" 8\n");
        assertThat(back.isHeld()).isTrue();
        back.goOn();

        assertThat(drain(back)).isEqualTo("10 c/\"b\" 9\n");
    }
}
