package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.Selection;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Feeds of several nodes whose changes are put in order by a log that they share: all commit the same. */
class SharedOrderTest extends SharedOrderFixture {

    @Test
    void allNodesCommitTheChangesOfAllAndSettleTheirOwn() {
        Publication first = one.publish(PUT);
        Publication second = two.publish(OTHER);
        one.send();
        two.send();

        one.read();

        assertThat(first.seq()).isEqualTo(1);
        assertThat(second.isSettled()).as("before its own node has it").isFalse();
        two.read();
        assertThat(second.seq()).isEqualTo(2);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(one.feed.head()).isEqualTo(two.feed.head());
    }

    @Test
    void aFollowerIsSentWhatWasPublishedOnAnotherNode() throws FeedLogException {
        Subscription follower =
                two.feed.subscribeAfter(0, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
        one.publish(PUT);
        one.send();

        two.read();

        EventLines lines = follower.poll(1000);
        assertThat(lines).isNotNull();
        assertThat(lines.bytes().utf8String()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void aRefusedPreconditionTakesNoNumberOnAnyNode() {
        Publication winner = one.publish(PUT, Precondition.mustNotExist());
        one.send();
        Publication loser = two.publish(PUT, Precondition.mustNotExist());
        Publication next = two.publish(OTHER);
        two.send();

        one.readAll();
        two.readAll();

        assertThat(winner.seq()).isEqualTo(1);
        assertThat(loser.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(loser.current()).isEqualTo(new Position(MemoryFeedLog.EPOCH, 1));
        assertThat(next.seq()).isEqualTo(2);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
    }

    @Test
    void whatTheStoreDidNotTakeIsCommittedWhenItIsHandedOverAgain() {
        two.store.failAppends(new FeedLogException("no space"));
        Publication publication = two.publish(PUT);
        two.send();

        two.readAll();

        assertThat(publication.isSettled()).as("others have it").isFalse();
        assertThat(two.feed.storeFailure()).isEqualTo("no space");
        two.store.failAppends(null);
        two.letTimePass(Duration.ofSeconds(1));
        two.readAll();
        assertThat(publication.seq()).isEqualTo(1);
        assertThat(two.lines()).isEqualTo("1 c/k 1\n");
        assertThat(two.feed.storeFailure()).isNull();
    }

    @Test
    void aDocumentThatCannotBeReadHoldsItsGroupUpInsteadOfLeavingItOut() {
        two.publish(PUT, Precondition.mustNotExist());
        two.send();
        two.store.failReadsOf(PUT.name());

        two.readAll();
        assertThat(two.feed.head().seq()).isZero();

        two.store.failReadsOf(null);
        two.letTimePass(Duration.ofSeconds(1));
        two.readAll();
        assertThat(two.lines()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void aNodeGoesOnWhereItsStoreEnds() {
        log.leaveHole(5);
        one.publish(PUT);
        one.send();
        log.leaveHole(7);
        Publication refused = two.publish(PUT, Precondition.mustNotExist());
        two.send();
        one.readAll();
        one.publish(OTHER);
        one.send();

        var again = new SteppedNode(log, one.store.copy());
        again.readAll();
        two.readAll();

        assertThat(refused.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(again.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
    }

    @Test
    void aDrainIsOverWhenAllThatWasOfferedHereHasComeBack() {
        Publication mine = one.publish(PUT);
        CompletableFuture<Long> drained = one.feed.drain().toCompletableFuture();

        Publication late = one.publish(PUT);
        one.send();
        assertThat(drained).isNotDone();
        one.read();

        assertThat(drained).isCompletedWithValue(1L);
        assertThat(mine.seq()).isEqualTo(1);
        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
        two.publish(OTHER);
        two.send();
        one.readAll();
        assertThat(one.feed.head().seq()).as("what was told is the end").isEqualTo(1);
    }

    @Test
    void aNodeIsReadyWhenItHasReadWhatThereWasWhenItStarted() {
        for (int i = 0; i < 20; i++) {
            two.publish(PUT);
            two.send();
            two.readAll();
        }
        one.letTimePass(Duration.ofSeconds(1));
        one.read();
        assertThat(one.order.trouble()).contains("when it started");
        assertThat(one.order.isHalted()).isFalse();

        one.readAll();

        assertThat(one.order.trouble()).isNull();
        assertThat(one.order.caughtUp()).isCompleted();
    }

    @Test
    void aNodeThatFallsBehindOrHearsNothingIsNotReady() {
        one.letTimePass(Duration.ofSeconds(1));
        one.readAll();
        assertThat(one.order.trouble()).isNull();
        two.publish(PUT);
        two.send();

        one.letTimePass(Duration.ofSeconds(1));
        one.letTimePass(SteppedNode.LAG_TIMEOUT);
        assertThat(one.order.trouble()).isEqualTo("it is behind the shared log");
        one.readAll();
        assertThat(one.order.trouble()).isNull();

        log.setAway(true);
        one.letTimePass(SteppedNode.LAG_TIMEOUT);
        assertThat(one.order.trouble()).isEqualTo("the shared log does not answer");
    }

    @Test
    void aChangeThatNoRecordHasRoomForIsRefusedAndTheNextIsNot() {
        Publication large = one.publish(Change.put("c", "k", "\"" + "x".repeat(5000) + "\""));
        Publication next = one.publish(PUT);
        one.send();
        one.readAll();

        assertThat(large.refusal()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(next.seq()).isEqualTo(1);
    }

    @Test
    void groupsOfAnySizeFitIntoTheRecordsOfTheLog() {
        List<Publication> all = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> one.publish(Change.put("c", "k" + i, "\"" + "x".repeat(100 * (i % 30)) + "\"")))
                .toList();
        for (int round = 0; round < 60; round++) {
            one.send();
            one.readAll();
        }

        assertThat(all).extracting(Publication::seq).doesNotContain(0L);
    }

    @Test
    void aPreconditionThatNoNodeCouldReadIsRefused() {
        Precondition deep = Precondition.mustNotExist();
        for (int level = 0; level < 40; level++) {
            deep = deep.and(Precondition.mustNotExist());
        }
        Publication refused = one.publish(PUT, deep);
        Publication far = one.publish(PUT, Precondition.mustBeAt(new Position("e", Long.MAX_VALUE)));
        one.send();
        one.readAll();
        two.readAll();

        assertThat(refused.refusal()).isEqualTo(Refusal.TOO_LARGE);
        assertThat(far.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(two.publish(OTHER).isSettled()).as("it reads on").isFalse();
    }
}
