package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the order of one node hands over, and what it leaves to nobody. */
class LocalOrderTest {

    /** Writes down what it gets, and says of each group what it is told to say. */
    private static final class Notes implements Order.Sink {

        private final List<List<? extends Ordered>> begun = new ArrayList<>();
        private final List<List<? extends Ordered>> committed = new ArrayList<>();
        private final List<Long> offsets = new ArrayList<>();
        private boolean takes = true;
        private Runnable duringACommit = () -> {};

        @Override
        public void begin(List<? extends Ordered> group) {
            begun.add(group);
        }

        @Override
        public @Nullable Refusal commit(List<? extends Ordered> group, OrderState after, long atMillis) {
            committed.add(group);
            offsets.add(after.offset());
            duringACommit.run();
            return takes ? null : Refusal.STORE_FAILED;
        }

        @Override
        public boolean beginEpoch(String name, OrderState after) {
            throw new AssertionError("an order of one begins none");
        }
    }

    private final StepExecutor commits = new StepExecutor();
    private final Notes sink = new Notes();
    private final LocalOrder order =
            new LocalOrder(FeedLimits.roomy().commit(2, 1 << 16).settings(), commits);

    private List<Publication> offer(int count) {
        List<Publication> offered = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offered.add(new Publication(Change.put("c", "k" + i, "1"), Precondition.none(), () -> {}));
        }
        offered.forEach(order::offer);
        return offered;
    }

    @Test
    void groupsComeInTheOrderOfTheOffersEachWithTheOffsetBehindIt() {
        order.start(OrderState.at(40), sink);
        List<Publication> offered = offer(5);

        commits.runAll();

        assertThat(sink.committed)
                .isEqualTo(List.of(offered.subList(0, 2), offered.subList(2, 4), offered.subList(4, 5)));
        assertThat(sink.begun).isEqualTo(sink.committed);
        assertThat(sink.offsets).containsExactly(42L, 44L, 45L);
        assertThat(offered).allSatisfy(each -> assertThat(each.own()).isSameAs(each));
    }

    @Test
    void aGroupThatWasNotTakenIsNotHandedOverAgain() {
        order.start(OrderState.at(0), sink);
        sink.takes = false;
        offer(3);

        commits.runAll();

        assertThat(sink.offsets).containsExactly(2L, 3L);
        assertThat(order.backlog()).isEqualTo(new Order.Backlog(0, 0));
    }

    @Test
    void anAbandonedOrderRefusesWhatWaitsAndLeavesWhatHasBegunToTheSink() {
        order.start(OrderState.at(0), sink);
        sink.duringACommit = order::abandon;
        List<Publication> offered = offer(5);

        commits.runAll();
        List<Publication> late = offer(1);

        assertThat(sink.begun).isEqualTo(List.of(offered.subList(0, 2)));
        assertThat(offered.subList(0, 2)).noneMatch(Publication::isSettled);
        assertThat(offered.subList(2, 5)).extracting(Publication::refusal).containsOnly(Refusal.STORE_FAILED);
        assertThat(late).extracting(Publication::refusal).containsExactly(Refusal.DRAINING);
    }

    @Test
    void aDrainIsOverWhenTheLastGroupIsCommitted() {
        order.start(OrderState.at(0), sink);
        offer(3);
        CompletableFuture<Void> drained = order.drain().toCompletableFuture();
        sink.duringACommit = () -> assertThat(drained).isNotDone();

        commits.runAll();

        assertThat(drained).isCompleted();
        assertThat(sink.offsets).containsExactly(2L, 3L);
    }
}
