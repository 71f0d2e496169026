package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.feed.MemoryFeedLog;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When nodes tell of themselves, and that changes do not suffer from it. */
class AnnouncementsTest {

    private final MemorySharedLog log = new MemorySharedLog();
    private final SteppedNode one = new SteppedNode(log, new MemoryFeedLog());
    private final SteppedNode two = new SteppedNode(log, new MemoryFeedLog()).announced("two");

    @BeforeEach
    void begin() {
        pass(Duration.ofSeconds(1));
        one.announced("one");
    }

    /** For all, and the log. */
    private void pass(Duration time) {
        log.letTimePass(time);
        one.letTimePass(time);
        two.letTimePass(time);
        settle();
    }

    private void settle() {
        one.send();
        two.send();
        one.readAll();
        two.readAll();
    }

    private static Node of(SteppedNode at, String name) {
        return at.order.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    @Test
    void whoStartsToServeIsKnownToTheOthersAtOnce() {
        one.publish(Change.put("c", "k", "1"));
        settle();

        assertThat(two.known()).containsExactly("two", "one");
        assertThat(of(two, "one").tcp()).isEqualTo("one:8989");
        assertThat(of(two, "one").isOpen()).isTrue();
        assertThat(of(one, "one").head()).isEqualTo(1);
    }

    @Test
    void itTellsAnewAfterEachInterval() {
        settle();
        long end = log.end();
        pass(SteppedNode.ANNOUNCE_INTERVAL.minusSeconds(2));
        assertThat(log.end()).isEqualTo(end);

        pass(Duration.ofSeconds(2));

        assertThat(log.end()).isEqualTo(end + 2);
    }

    @Test
    void whoDrainsSaysSoBeforeTheEndAndNotAfterIt() {
        settle();
        one.order.leave(true);
        one.send();
        assertThat(one.feed.drain()).isCompleted();
        long end = log.end();
        pass(SteppedNode.ANNOUNCE_INTERVAL.plusSeconds(2));

        assertThat(of(two, "one").isLeaving()).isTrue();
        assertThat(log.end()).as("only the other one goes on").isLessThanOrEqualTo(end + 1);
    }

    @Test
    void whoRunsOnAfterAllSaysThatToo() {
        one.order.leave(true);
        settle();
        one.order.leave(false);
        settle();

        assertThat(of(two, "one").isOpen()).isTrue();
    }

    @Test
    void whoIsBehindSaysThatNobodyShouldComeYet() {
        settle();
        one.client.setFrozen(true);
        one.letTimePass(SteppedNode.LAG_TIMEOUT.plusSeconds(1));
        one.client.setFrozen(false);
        one.propose();
        settle();

        assertThat(of(two, "one").isOpen()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(of(two, "one").isOpen()).isTrue();
    }

    @Test
    void whoIsBehindAndDrainsSaysThatItLeaves() {
        settle();
        one.client.setFrozen(true);
        one.letTimePass(SteppedNode.LAG_TIMEOUT.plusSeconds(1));
        one.client.setFrozen(false);
        one.propose();
        one.order.leave(true);
        settle();

        assertThat(of(two, "one").isLeaving()).isTrue();
    }

    @Test
    void changesGoBeforeIt() {
        one.letTimePass(SteppedNode.ANNOUNCE_INTERVAL);
        var change = one.publish(Change.put("c", "k", "1"));
        one.propose();

        assertThat(one.client.onItsWay()).isGreaterThanOrEqualTo(2);
        one.client.arrive();
        one.readAll();
        assertThat(change.seq()).isEqualTo(1);
    }

    @Test
    void whatOfItIsLostEndsNoLife() {
        one.propose();
        one.client.lose(false);

        pass(Duration.ofSeconds(2));

        assertThat(one.order.counts().renewals()).isZero();
        assertThat(one.publish(Change.put("c", "k", "1")).refusal()).isNull();
    }

    @Test
    void whatTheLogDoesNotTakeEndsNoLife() {
        log.setAway(true);
        one.propose();
        log.setAway(false);
        pass(SteppedNode.ANNOUNCE_INTERVAL.plusSeconds(1));

        assertThat(one.order.counts().renewals()).isZero();
        assertThat(two.known()).contains("one");
    }

    @Test
    void anotherNodeOfTheSameNameIsNoticed() {
        var announcements = new Announcements(SteppedNode.ANNOUNCE_INTERVAL);
        Node self = Node.named("n", "1", "a:1", "http://a:2", null);
        assertThat(announcements.isNamesake(self)).as("nothing is told yet").isFalse();

        announcements.begin(self, () -> 0);

        assertThat(announcements.isNamesake(self.at(7, 8))).isFalse();
        assertThat(announcements.isNamesake(Node.named("n", "1", "b:1", "http://a:2", null)))
                .isTrue();
        assertThat(announcements.isNamesake(Node.named("m", "1", "b:1", "http://a:2", null)))
                .isFalse();
    }

    @Test
    void itTakesNoNumberAndWritesNothingToTheStore() {
        settle();
        var before = one.store.orderState();
        pass(SteppedNode.ANNOUNCE_INTERVAL.multipliedBy(3));

        assertThat(one.feed.head().seq()).isZero();
        assertThat(one.store.orderState().offset()).isEqualTo(before.offset());
        assertThat(one.order.lag()).isZero();
        assertThat(one.order.trouble()).isNull();
    }

    @Test
    void whatWasDamagedIsNotPassedOver() {
        byte[] whole = Records.node(
                new Header(Header.Kind.NODE, Memory.feed(one.client.identity()), Life.begin(), 0),
                Node.named("n", "1", null, null, null));
        log.add(Arrays.copyOf(whole, whole.length - 1));

        one.readAll();

        assertThat(one.order.trouble()).contains("it is damaged");
    }
}
