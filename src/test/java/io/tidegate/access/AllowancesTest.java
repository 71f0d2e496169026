package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final Allowances allowances = new Allowances(new LimitSettings(2, 1, 10, 1000), nanos::get);
    private final List<String> woken = new ArrayList<>();
    private final Waiter first = new Waiter("first", woken);
    private final Waiter second = new Waiter("second", woken);

    private static final class Waiter implements Runnable {
        private final String name;
        private final List<String> woken;

        Waiter(String name, List<String> woken) {
            this.name = name;
            this.woken = woken;
        }

        @Override
        public void run() {
            woken.add(name);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        allowances.look();
    }

    private int publish(String identity, int bytes) {
        int count = 0;
        while (count < 100 && allowances.mayPublish(identity, first)) {
            allowances.published(identity, bytes);
            count++;
        }
        return count;
    }

    // ---- other limits

    @Test
    void otherLimitsCountWhatThereIs() {
        assertThat(allowances.enter("desk")).isTrue();
        assertThat(allowances.enter("desk")).isTrue();
        Runnable snapshot = allowances.takeSnapshot("desk").orElseThrow();
        assertThat(publish("desk", 1)).isEqualTo(10);

        allowances.limit(new LimitSettings(3, 2, 0, 0));

        assertThat(allowances.enter("desk")).isTrue();
        assertThat(allowances.enter("desk")).isFalse();
        assertThat(allowances.takeSnapshot("desk")).isPresent();
        assertThat(allowances.takeSnapshot("desk")).isEmpty();
        assertThat(publish("desk", 1)).isEqualTo(100);
        allowances.look();
        assertThat(woken).containsExactly("first");

        allowances.limit(new LimitSettings(1, 1, 10, 0));
        snapshot.run();
        allowances.leave("desk");
        allowances.leave("desk");

        assertThat(allowances.enter("desk")).isFalse();
        assertThat(allowances.takeSnapshot("desk")).isEmpty();
        assertThat(publish("desk", 1)).isEqualTo(10);
    }

    // ---- connections

    @Test
    void anIdentityHasSoManyConnectionsAndNobodyElseIsConcerned() {
        assertThat(allowances.enter("desk")).isTrue();
        assertThat(allowances.enter("desk")).isTrue();
        assertThat(allowances.hasPlace("desk")).isFalse();
        assertThat(allowances.enter("desk")).isFalse();
        assertThat(allowances.enter("other")).isTrue();

        allowances.leave("desk");

        assertThat(allowances.enter("desk")).isTrue();
        assertThat(allowances.counts()).containsEntry("connections", 2L);
    }

    // ---- snapshots

    @Test
    void anIdentityReadsSoManySnapshotsAtOnceAndOneThatIsGivenBackTwiceCountsOnce() {
        Runnable first = allowances.takeSnapshot("desk").orElseThrow();
        assertThat(allowances.mayTakeSnapshot("desk")).isFalse();
        assertThat(allowances.takeSnapshot("desk")).isEmpty();
        assertThat(allowances.takeSnapshot("other")).isPresent();

        first.run();
        Runnable second = allowances.takeSnapshot("desk").orElseThrow();
        first.run();

        assertThat(allowances.takeSnapshot("desk")).isEmpty();
        assertThat(allowances.counts()).containsEntry("snapshots", 3L);

        second.run();
        allowances.look();
        assertThat(allowances.size()).isEqualTo(1);
    }

    @Test
    void withoutALimitOfSnapshotsNoneIsCounted() {
        var open = new Allowances(new LimitSettings(1, 0, 0, 0), nanos::get);
        for (int i = 0; i < 1000; i++) {
            assertThat(open.mayTakeSnapshot("desk")).isTrue();
            assertThat(open.takeSnapshot("desk")).isPresent();
        }
        assertThat(open.size()).isZero();
    }

    // ---- changes

    @Test
    void soManyAreLetThroughAtOnceAndAsManyASecond() {
        assertThat(publish("desk", 1)).isEqualTo(10);
        assertThat(publish("other", 1)).isEqualTo(10);

        pass(Duration.ofMillis(100));
        assertThat(publish("desk", 1)).isEqualTo(1);
        pass(Duration.ofHours(1));
        assertThat(publish("desk", 1)).isEqualTo(10);
    }

    @Test
    void bytesCountToo() {
        assertThat(publish("desk", 400)).isEqualTo(3);
        pass(Duration.ofMillis(200));
        assertThat(publish("desk", 400)).isZero();
        pass(Duration.ofMillis(100));
        assertThat(publish("desk", 400)).isEqualTo(1);
    }

    /** Otherwise nobody could ever publish it. */
    @Test
    void aChangeThatIsLargerThanASecondsBytesIsLetThroughAndWaitedForAfterwards() {
        assertThat(publish("desk", 5000)).isEqualTo(1);
        pass(Duration.ofSeconds(4));
        assertThat(publish("desk", 5000)).isZero();
        pass(Duration.ofMillis(1));
        assertThat(publish("desk", 5000)).isEqualTo(1);
    }

    @Test
    void whoWaitsIsToldOnceWhenItMayGoOn() {
        publish("desk", 1);
        assertThat(allowances.mayPublish("desk", second)).isFalse();
        assertThat(allowances.mayPublish("desk", second)).isFalse();
        pass(Duration.ofMillis(99));
        assertThat(woken).isEmpty();

        pass(Duration.ofMillis(1));
        pass(Duration.ofMillis(100));

        assertThat(woken).containsExactly("first", "second");
        assertThat(allowances.counts()).containsEntry("publishes", 2L);
    }

    @Test
    void nothingIsRememberedOfWhoHasNothing() {
        publish("desk", 1);
        allowances.enter("other");
        pass(Duration.ofSeconds(1));
        assertThat(allowances.size()).isEqualTo(1);

        allowances.leave("other");
        allowances.look();
        assertThat(allowances.size()).isZero();
    }

    @Test
    void withoutALimitNobodyIsHeldBack() {
        var open = new Allowances(new LimitSettings(1, 0, 0, 0), nanos::get);
        for (int i = 0; i < 1000; i++) {
            assertThat(open.mayPublish("desk", first)).isTrue();
            open.published("desk", 1 << 20);
        }
        assertThat(open.size()).isZero();
    }

    @Test
    void whereOnlyBytesMatterWhoMayDoEverythingAgainIsForgottenToo() {
        var onlyBytes = new Allowances(new LimitSettings(2, 0, 0, 1000), nanos::get);
        assertThat(onlyBytes.mayPublish("desk", first)).isTrue();
        onlyBytes.published("desk", 10);
        onlyBytes.look();
        assertThat(onlyBytes.size()).isEqualTo(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        onlyBytes.look();

        assertThat(onlyBytes.size()).isZero();
    }

    @Test
    void whoHasGoneIsNotToldAnyMore() {
        assertThat(publish("desk", 5000)).isEqualTo(1);
        assertThat(allowances.mayPublish("desk", second)).isFalse();

        allowances.waitNoMore(first);
        pass(Duration.ofSeconds(10));

        assertThat(woken).containsExactly("second");
    }

    @Test
    void whoIsSomebodyElseByNowIsNotToldOfTheOneBefore() {
        assertThat(publish("desk", 5000)).isEqualTo(1);
        assertThat(publish("other", 50_000)).isEqualTo(1);

        pass(Duration.ofSeconds(10));
        assertThat(woken).isEmpty();
        pass(Duration.ofSeconds(50));
        assertThat(woken).containsExactly("first");
    }

    @Test
    void whenNothingIsTakenAnyMoreNobodyIsHeldBack() {
        assertThat(publish("desk", 1_000_000)).isEqualTo(1);

        allowances.lift();
        allowances.look();

        assertThat(woken).containsExactly("first");
        assertThat(publish("desk", 1_000_000)).isEqualTo(100);
    }
}
