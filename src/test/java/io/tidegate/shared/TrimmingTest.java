package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.feed.MemoryFeedLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What nodes let go of a log that they share. */
class TrimmingTest {

    private static final SharedSettings.Trim AFTER_A_DAY =
            new SharedSettings.Trim(true, Duration.ofDays(1), Duration.ofMinutes(10));

    private final MemorySharedLog log = new MemorySharedLog();

    private SteppedNode node(SharedSettings.Trim trim) {
        return new SteppedNode(log, new MemoryFeedLog(), trim);
    }

    private static void publish(SteppedNode node, int count) {
        for (int i = 0; i < count; i++) {
            node.publish(Change.put("c", "k", "" + i));
            node.send();
            node.readAll();
        }
    }

    private static void looks(SteppedNode node) {
        node.letTimePass(Duration.ofSeconds(1));
        node.letTimePass(Duration.ofMinutes(11));
    }

    private static long start(SteppedNode node) {
        return node.client.start().toCompletableFuture().join();
    }

    @Test
    void whatIsOldAndReadGoes() {
        SteppedNode node = node(AFTER_A_DAY);
        publish(node, 3);
        log.letTimePass(Duration.ofDays(2));
        publish(node, 2);

        looks(node);

        assertThat(start(node)).isEqualTo(3);
    }

    @Test
    void whatIsYoungStays() {
        SteppedNode node = node(AFTER_A_DAY);
        publish(node, 3);
        log.letTimePass(Duration.ofHours(23));
        publish(node, 2);

        looks(node);

        assertThat(start(node)).isZero();
    }

    @Test
    void whatNoStoreRemembersToHaveReadStays() {
        SteppedNode node = node(AFTER_A_DAY).announced("one");
        publish(node, 3);
        for (int day = 0; day < 5; day++) {
            // Nothing is published, and the node tells of itself.
            log.letTimePass(Duration.ofDays(1));
            node.letTimePass(Duration.ofMinutes(20));
            node.send();
            node.readAll();
        }

        node.letTimePass(Duration.ofMinutes(20));

        assertThat(log.end()).isGreaterThan(5);
        assertThat(start(node)).isLessThanOrEqualTo(node.store.orderState().offset());
    }

    @Test
    void itIsLookedOnceInAnInterval() {
        SteppedNode node = node(AFTER_A_DAY);
        node.letTimePass(Duration.ofSeconds(1));
        publish(node, 3);
        log.letTimePass(Duration.ofDays(2));
        publish(node, 1);

        node.letTimePass(Duration.ofMinutes(9));
        assertThat(start(node)).isZero();
        node.letTimePass(Duration.ofMinutes(2));

        assertThat(start(node)).isEqualTo(3);
    }

    @Test
    void nothingGoesUnlessItIsToBeTrimmed() {
        SteppedNode node = node(SharedSettings.Trim.OFF);
        publish(node, 3);
        log.letTimePass(Duration.ofDays(4000));
        publish(node, 1);

        looks(node);

        assertThat(start(node)).isZero();
    }
}
