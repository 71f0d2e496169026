package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.Selection;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Feeds of several nodes whose changes are put in order by something that they share: all commit the same. */
class SharedOrderTest {

    private static final Change PUT = Change.put("c", "k", "1");
    private static final Change OTHER = Change.put("c", "other", "2");

    /** A feed, its store, and its part in the order. */
    private static final class Server {

        private final MemoryFeedLog log;
        private final SharedOrder.Node node;
        private final Feed feed;

        Server(SharedOrder order, MemoryFeedLog log) {
            this.log = log;
            node = order.new Node();
            feed = new Feed(
                    node,
                    log,
                    FeedLimits.roomy().settings(),
                    new TextEncoder(),
                    Runnable::run,
                    Runnable::run,
                    Runnable::run,
                    CommitObserver.NONE);
        }

        Publication publish(Change change, Precondition precondition) {
            return feed.publish(change, precondition, () -> {});
        }

        Publication publish(Change change) {
            return publish(change, Precondition.none());
        }

        String lines() {
            var lines = new StringBuilder();
            log.batches()
                    .forEach(batch -> lines.append(
                            batch.linesAfter(0, Selection.ALL).bytes().utf8String()));
            return lines.toString();
        }
    }

    private final SharedOrder order = new SharedOrder();
    private final Server one = new Server(order, new MemoryFeedLog());
    private final Server two = new Server(order, new MemoryFeedLog());

    @Test
    void allNodesCommitTheChangesOfAllAndSettleTheirOwn() {
        Publication first = one.publish(PUT);
        Publication second = two.publish(OTHER);

        assertThat(one.node.handOver(10)).isTrue();

        assertThat(first.seq()).isEqualTo(1);
        assertThat(second.isSettled()).as("before its own node has it").isFalse();
        assertThat(two.node.handOver(10)).isTrue();
        assertThat(second.seq()).isEqualTo(2);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(one.feed.head()).isEqualTo(two.feed.head());
    }

    @Test
    void aFollowerIsSentWhatWasPublishedOnAnotherNode() throws FeedLogException {
        Subscription follower =
                two.feed.subscribeAfter(0, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
        one.publish(PUT);

        assertThat(two.node.handOver(10)).isTrue();

        EventLines lines = follower.poll(1000);
        assertThat(lines).isNotNull();
        assertThat(lines.bytes().utf8String()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void aRefusedPreconditionTakesNoNumberOnAnyNode() {
        Publication winner = one.publish(PUT, Precondition.mustNotExist());
        Publication loser = two.publish(PUT, Precondition.mustNotExist());
        Publication next = two.publish(OTHER);

        assertThat(one.node.handOver(2)).isTrue();
        assertThat(one.node.handOver(2)).isTrue();
        assertThat(two.node.handOver(10)).isTrue();

        assertThat(winner.seq()).isEqualTo(1);
        assertThat(loser.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(loser.current()).isEqualTo(new Position(MemoryFeedLog.EPOCH, 1));
        assertThat(next.seq()).isEqualTo(2);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
    }

    @Test
    void whatTheStoreDidNotTakeIsRefusedHereAndCommittedWhenItIsHandedOverAgain() {
        two.log.failAppends(new FeedLogException("no space"));
        Publication publication = two.publish(PUT);

        assertThat(two.node.handOver(10)).isFalse();
        assertThat(publication.refusal()).isEqualTo(Refusal.STORE_FAILED);
        two.log.failAppends(null);
        assertThat(two.node.handOver(10)).isTrue();

        assertThat(two.lines()).isEqualTo("1 c/k 1\n");
        assertThat(two.feed.storeFailure()).isNull();
    }

    @Test
    void whatFailsWhenTheGroupIsCommittedDoesNotBringItBack() {
        one.log.failTrims("cannot trim");
        Publication publication = one.publish(PUT);

        assertThat(one.node.handOver(10)).isTrue();

        assertThat(publication.seq()).isEqualTo(1);
        assertThat(one.feed.storeFailure()).isEqualTo("cannot trim");
        assertThat(one.lines()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void aNodeGoesOnWhereItsLogEnds() {
        order.leaveHole(5);
        one.publish(PUT);
        order.leaveHole(7);
        Publication refused = two.publish(PUT, Precondition.mustNotExist());
        assertThat(one.node.handOver(10)).isTrue();
        assertThat(one.log.offset()).as("behind what was refused").isEqualTo(order.end());
        one.publish(OTHER);

        var again = new Server(order, one.log);
        assertThat(again.node.handOver(10)).isTrue();
        assertThat(two.node.handOver(10)).isTrue();

        assertThat(refused.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(again.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(again.log.offset()).isEqualTo(order.end());
    }

    @Test
    void aDrainIsOverWhenAllThatWasOfferedHereHasComeBack() {
        Publication mine = one.publish(PUT);
        CompletableFuture<Long> drained = one.feed.drain().toCompletableFuture();

        Publication late = one.publish(PUT);
        two.publish(OTHER);
        assertThat(drained).isNotDone();
        assertThat(one.node.handOver(1)).isTrue();

        assertThat(drained).isCompletedWithValue(1L);
        assertThat(mine.seq()).isEqualTo(1);
        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
    }

    @Test
    void anAbandonedFeedRefusesWhatHasNotComeBackAndWhatIsUnderWay() {
        Publication underWay = one.publish(PUT);
        Publication waiting = one.publish(OTHER);
        one.log.beforeAppend(one.feed::abandon);

        assertThat(one.node.handOver(1)).isFalse();

        assertThat(List.of(underWay, waiting)).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(one.feed.drain()).isCompletedWithValue(0L);
        assertThat(one.feed.head().seq()).isZero();
    }

    /** A change that was published, and how often it was settled. */
    private record Published(Publication publication, AtomicInteger settled) {}

    @Test
    void nodesAgreeWhateverTheirGroups() {
        long seed = Long.getLong("tidegate.seed", 20261129);
        var random = new Random(seed);
        List<Published> all = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            Server server = random.nextBoolean() ? one : two;
            switch (random.nextInt(4)) {
                case 0, 1 -> all.add(publishAny(server, random));
                case 2 -> order.leaveHole(random.nextInt(3));
                default ->
                    assertThat(server.node.handOver(1 + random.nextInt(8))).isTrue();
            }
        }
        handOverAll();

        assertThat(one.lines()).as("seed " + seed).isEqualTo(two.lines());
        assertThat(all).allSatisfy(each -> assertThat(each.settled()).hasValue(1));
        long accepted =
                all.stream().filter(each -> each.publication().seq() > 0).count();
        assertThat(one.feed.head()).isEqualTo(two.feed.head());
        assertThat(one.feed.head().seq()).isEqualTo(accepted).isBetween(100L, all.size() - 100L);
    }

    private static Published publishAny(Server server, Random random) {
        String key = "k" + random.nextInt(3);
        Change change = random.nextInt(3) == 0 ? Change.delete("c", key) : Change.put("c", key, "1");
        Precondition precondition =
                switch (random.nextInt(4)) {
                    case 0 -> Precondition.mustExist();
                    case 1 -> Precondition.mustNotExist();
                    default -> Precondition.none();
                };
        var settled = new AtomicInteger();
        return new Published(server.feed.publish(change, precondition, settled::incrementAndGet), settled);
    }

    private void handOverAll() {
        for (Server server : List.of(one, two)) {
            for (long round = 0; round < order.end(); round++) {
                assertThat(server.node.handOver(8)).isTrue();
            }
        }
    }
}
