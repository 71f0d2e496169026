package io.tidegate.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Feeds of several nodes whose changes are put in order by a log that they share: all commit the same. */
class SharedOrderTest {

    private static final Change PUT = Change.put("c", "k", "1");
    private static final Change OTHER = Change.put("c", "other", "2");

    /** All that this version knows of it. */
    private static final byte[] OF_VERSION_99 = {(byte) 0xf9, 0x54, 99, 1, 2, 3};

    private final MemorySharedLog log = new MemorySharedLog();
    private final SteppedNode one = new SteppedNode(log, new MemoryFeedLog());
    private final SteppedNode two = new SteppedNode(log, new MemoryFeedLog());

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
    void anEpochBeginsForAllNodesBehindWhatWasThereBefore() {
        one.publish(PUT);
        one.send();
        log.add(epoch("second"));
        log.add(epoch("second"));
        two.publish(OTHER);
        two.send();

        one.readAll();
        two.readAll();

        assertThat(one.store.epochs().toString())
                .isEqualTo(MemoryFeedLog.EPOCH + ":0 second:1")
                .isEqualTo(two.store.epochs().toString());
        assertThat(one.feed.head()).isEqualTo(new Position("second", 2)).isEqualTo(two.feed.head());
    }

    @Test
    void aPositionThatAnotherEpochHasGivenAwayHasNotCome() {
        one.publish(PUT);
        one.send();
        one.readAll();
        var lost = one.feed.awaitPosition(new Position(MemoryFeedLog.EPOCH, 2));
        assertThat(lost).isNotDone();

        log.add(epoch("second"));
        one.publish(OTHER);
        one.send();
        one.readAll();

        assertThat(lost).isCompletedWithValue(false);
    }

    @Test
    void anEpochThatTheStoreDoesNotTakeIsBegunAgain() {
        one.store.failAppends(new FeedLogException("full"));
        log.add(epoch("second"));
        one.readAll();
        assertThat(one.feed.head().epoch()).isEqualTo(MemoryFeedLog.EPOCH);

        one.store.failAppends(null);
        one.letTimePass(Duration.ofSeconds(1));
        one.readAll();

        assertThat(one.feed.head().epoch()).isEqualTo("second");
    }

    @Test
    void anEpochIsBegunWhenTheLogHasItsRecord() throws Exception {
        one.publish(PUT);
        one.send();
        var client = log.new Client() {
            @Override
            public void append(byte[] bytes) throws SharedLogException {
                super.append(bytes);
                arrive();
            }
        };

        String name = StoreFit.beginEpoch(client, Duration.ofMinutes(1));

        one.readAll();
        assertThat(one.feed.head()).isEqualTo(new Position(name, 1));
    }

    private byte[] epoch(String name) {
        var header = new Header(Header.Kind.EPOCH, Memory.feed(one.client.identity()), Life.begin(), 0);
        return Records.epoch(header, name);
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
    void whatComesTwiceCountsOnce() {
        one.publish(PUT);
        one.propose();
        one.client.arriveTwice();

        one.readAll();
        two.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatWasLostIsProposedOnceMoreBehindAFence() {
        Publication publication = one.publish(PUT);
        one.propose();
        one.client.lose(false);

        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.readAll();
        one.send();
        one.readAll();
        two.readAll();

        assertThat(publication.seq()).isEqualTo(1);
        assertThat(one.order.counts().renewals()).isEqualTo(1);
        assertThat(one.order.counts().fences())
                .isEqualTo(1)
                .isEqualTo(two.order.counts().fences());
        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatComesBehindTheFenceOfItsLifeDoesNotCount() {
        one.publish(PUT);
        one.propose();
        one.client.lose(true);
        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.client.arriveLate();
        one.readAll();
        one.send();
        one.readAll();
        two.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatArrivesBeforeTheFenceIsNotProposedOnceMore() {
        Publication publication = one.publish(PUT);
        one.propose();
        one.client.lose(true);
        one.client.arriveLate();
        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.readAll();
        one.send();
        one.readAll();

        assertThat(publication.seq()).isEqualTo(1);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void whatWasNotProposedInTimeWasCertainlyNotTaken() {
        log.setAway(true);
        Publication publication = one.publish(PUT);
        one.propose();

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(publication.refusal()).isEqualTo(Refusal.UNAVAILABLE);
    }

    @Test
    void whatTheLogDidNotTakeIsProposedOnceMoreWhenItTakesSomethingAgain() {
        log.setAway(true);
        Publication publication = one.publish(PUT);
        one.propose();
        log.setAway(false);

        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.readAll();
        one.send();
        one.readAll();

        assertThat(publication.seq()).isEqualTo(1);
    }

    @Test
    void whatWasProposedAndNotReadInTimeIsUnknown() {
        Publication publication = one.publish(PUT);
        one.propose();
        log.setAway(true);

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(publication.refusal()).isEqualTo(Refusal.UNKNOWN);
        log.setAway(false);
        one.client.arrive();
        one.readAll();
        assertThat(one.lines()).as("it was taken after all").isEqualTo("1 c/k 1\n");
    }

    @Test
    void whatWaitedForTheWindowInVainWasCertainlyNotTaken() {
        for (int group = 0; group < 3; group++) {
            one.publish(PUT);
            one.propose();
        }
        Publication waiting = one.publish(OTHER);
        one.propose();

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(waiting.refusal()).isEqualTo(Refusal.UNAVAILABLE);
        one.send();
        one.readAll();
        assertThat(one.lines()).doesNotContain("other");
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
    void anAbandonedFeedDoesNotKnowWhatBecomesOfWhatItHasProposed() {
        Publication proposed = one.publish(PUT);
        one.propose();
        Publication waiting = one.publish(OTHER);

        one.feed.abandon();

        assertThat(proposed.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(waiting.refusal()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(one.feed.drain()).isCompletedWithValue(0L);
    }

    @Test
    void aLogThatWasCutBackIsNotReadAnyFurther() {
        one.publish(PUT);
        one.send();
        one.readAll();
        log.cut(1);
        two.publish(OTHER);
        two.send();

        var again = new SteppedNode(log, one.store.copy());
        again.readAll();

        assertThat(again.order.trouble())
                .contains("not in the shared log any more")
                .contains("restart it");
        assertThat(again.lines()).isEqualTo("1 c/k 1\n");
        assertThat(again.publish(OTHER).refusal()).isEqualTo(Refusal.UNAVAILABLE);
    }

    @Test
    void aLogThatWasMadeAnewIsNotReadAsIfItWereTheOldOne() {
        one.publish(PUT);
        one.send();
        one.readAll();
        log.recreate();
        log.leaveHole(1);
        var newcomer = new SteppedNode(log, new MemoryFeedLog());
        newcomer.publish(OTHER);
        newcomer.send();

        one.readAll();

        assertThat(one.order.trouble()).contains("made anew");
        assertThat(one.lines()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void aRecordOfANewerVersionIsNotPassedOver() {
        log.leaveHole(6);
        log.add(OF_VERSION_99);
        one.publish(PUT);
        one.send();

        one.readAll();

        assertThat(one.order.trouble())
                .isEqualTo(
                        "the record at offset 6 of the shared log cannot be read: its version is 99, and this node knows"
                                + " version 1: upgrade this node");
        assertThat(one.feed.head().seq()).isZero();
    }

    @Test
    void aRecordOfAKindThatThisNodeDoesNotKnowIsNotPassedOver() {
        one.publish(PUT);
        one.propose();
        one.client.arriveDamaged(record -> signed(changed(record, 7, (byte) 99)));

        two.readAll();

        assertThat(two.order.trouble()).contains("its kind is 99").contains("upgrade this node");
        assertThat(two.order.isHalted()).isTrue();
    }

    @Test
    void whatOtherProgramsWriteIsPassedOverByAllNodesAlike() {
        log.add("hello".getBytes(UTF_8));
        log.add(new byte[0]);
        one.publish(PUT);
        one.send();
        log.add(new byte[] {OF_VERSION_99[0]});
        log.add(new byte[1000]);
        two.publish(OTHER, Precondition.mustNotExist());
        two.send();
        one.readAll();
        log.add("{\"qty\":5}".getBytes(UTF_8));
        one.letTimePass(Duration.ofSeconds(1));

        one.readAll();
        two.readAll();
        var again = new SteppedNode(log, one.store.copy());
        again.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(again.lines()).isEqualTo(one.lines());
        assertThat(one.order.trouble()).isNull();
        assertThat(one.order.counts().strays())
                .isEqualTo(5)
                .isEqualTo(two.order.counts().strays());
        assertThat(again.order.counts().strays())
                .as("behind what its store has")
                .isEqualTo(1);
    }

    /** Not even by the node that has proposed it, which knows what it was meant to be. */
    @Test
    void aDamagedRecordIsReadByNoNode() {
        assertStops(record -> changed(record, record.length - 1, (byte) 'x'));
        assertStops(record -> Arrays.copyOf(record, record.length - 1));
        assertStops(record -> Arrays.copyOf(record, record.length + 1));
        assertStops(record -> Arrays.copyOf(record, 20));
        assertStops(record -> Arrays.copyOf(record, 2));
    }

    private static void assertStops(UnaryOperator<byte[]> damage) {
        var damaged = new MemorySharedLog();
        var proposer = new SteppedNode(damaged, new MemoryFeedLog());
        var reader = new SteppedNode(damaged, new MemoryFeedLog());
        Publication before = proposer.publish(PUT);
        proposer.send();
        Publication publication = proposer.publish(OTHER);
        proposer.propose();
        proposer.client.arriveDamaged(damage);

        proposer.readAll();
        reader.readAll();

        assertThat(before.seq()).isEqualTo(1);
        assertThat(publication.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(proposer.order.trouble()).contains("offset 1").contains("it is damaged: restart this node");
        assertThat(reader.order.trouble()).isEqualTo(proposer.order.trouble());
        assertThat(reader.lines()).isEqualTo("1 c/k 1\n").isEqualTo(proposer.lines());
    }

    private static byte[] changed(byte[] record, int at, byte value) {
        byte[] copy = record.clone();
        copy[at] = value;
        return copy;
    }

    /** As a node of whatever version signs it. */
    private static byte[] signed(byte[] record) {
        var checksum = new CRC32C();
        checksum.update(record, 7, record.length - 7);
        return ByteBuffer.wrap(record).putInt(3, (int) checksum.getValue()).array();
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
    void aLifeIsRenewedOnceInALookHoweverFastItFails() {
        for (int second = 0; second < 3; second++) {
            for (int failure = 0; failure < 10; failure++) {
                one.publish(PUT);
                one.propose();
                while (one.client.onItsWay() > 0) {
                    one.client.lose(false);
                }
                one.readAll();
            }
            one.letTimePass(Duration.ofSeconds(1));
        }

        assertThat(one.order.counts().renewals()).isBetween(3L, 4L);
    }

    @Test
    void aNodeThatReadsNoFurtherAnswersAllAndStopsAtOnce() {
        Publication proposed = one.publish(PUT);
        one.propose();
        log.add(OF_VERSION_99);

        one.readAll();

        assertThat(one.order.trouble()).contains("upgrade this node");
        assertThat(proposed.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(one.feed.drain()).isCompleted();
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

    @Test
    void whatIsOfferedLateWaitsAsLongAsWhatWasOfferedEarly() {
        log.setAway(true);
        one.publish(PUT);
        one.propose();
        Publication late = one.publish(OTHER);

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.minusSeconds(1));

        assertThat(late.isSettled()).isFalse();
    }
}
