package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is there, by what the log tells and when. */
class NodesTest {

    private static final long NOW = 1_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final Nodes nodes = new Nodes(Duration.ofSeconds(10), nanos::get);

    private static Node node(String name, long head) {
        return Node.named(name, "1.0", name + ":8989", null, null).at(head, 0);
    }

    private List<String> names(@Nullable Node self) {
        return nodes.present(self).stream().map(Node::name).toList();
    }

    @Test
    void whoWasNotHeardOfForThreeIntervalsIsGone() {
        nodes.heard(node("a", 1), NOW, 1);
        nodes.heard(node("b", 1), NOW + 10_000, 1);

        nodes.passed(NOW + 29_999);
        assertThat(names(null)).containsExactly("a", "b");

        nodes.passed(NOW + 30_000);
        assertThat(names(null)).containsExactly("b");
    }

    @Test
    void whileTheLogTellsNothingNobodyIsGone() {
        nodes.heard(node("a", 1), NOW, 1);

        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));

        assertThat(names(null)).containsExactly("a");
    }

    @Test
    void whoStartsUnderTheNameOfAnotherTakesItsPlace() {
        nodes.heard(node("a", 1), NOW, 1);
        nodes.heard(Node.named("a", "2.0", "elsewhere:1", null, null), NOW + 1, 1);

        assertThat(nodes.present(null)).extracting(Node::tcp).containsExactly("elsewhere:1");
    }

    @Test
    void thisNodeComesFirstAndOnceAsItIsNow() {
        nodes.heard(node("this", 1), NOW, 1);
        nodes.heard(node("other", 1), NOW, 1);

        assertThat(nodes.present(node("this", 7))).containsExactly(node("this", 7), node("other", 1));
    }

    @Test
    void moreThanAFeedHasAreNotRemembered() {
        for (int i = 0; i <= Nodes.MOST; i++) {
            nodes.heard(node("n" + i, 1), NOW, 1);
        }

        assertThat(names(null)).hasSize(Nodes.MOST).startsWith("n1").endsWith("n" + Nodes.MOST);
    }

    @Test
    void theLagIsThatOfWhenItToldOfItself() {
        nodes.heard(node("fast", 100), NOW, 90);
        nodes.heard(node("slow", 40), NOW + 1, 95);

        List<NodeStatus> statuses = nodes.statuses(node("this", 98));

        assertThat(statuses).extracting(each -> each.node().name()).containsExactly("this", "fast", "slow");
        assertThat(statuses).extracting(NodeStatus::lag).containsExactly(2L, 0L, 60L);
        assertThat(statuses).extracting(NodeStatus::isThis).containsExactly(true, false, false);
    }

    @Test
    void theAgeGoesOnBetweenWhatIsRead() {
        nodes.heard(node("a", 1), NOW, 1);
        nodes.passed(NOW + 4_000);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));

        assertThat(nodes.statuses(node("this", 1)))
                .extracting(NodeStatus::age)
                .containsExactly(null, Duration.ofSeconds(6));
    }

    @Test
    void aClockOfTheLogThatGoesBackMakesNobodyGoneOrNew() {
        nodes.heard(node("a", 1), NOW, 1);
        nodes.heard(node("b", 1), NOW - 60_000, 1);

        assertThat(names(null)).containsExactly("a", "b");
        nodes.passed(NOW + 30_000);
        assertThat(names(null)).isEmpty();
    }
}
