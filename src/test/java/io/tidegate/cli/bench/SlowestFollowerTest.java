package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The slowest follower is known to a step, without looking at all of them. */
class SlowestFollowerTest {

    @Test
    void itIsKnownWheneverAnyFollowerGetsOn() {
        int window = 1000;
        int step = window / SlowestFollower.STEPS_IN_A_WINDOW;
        var slowest = new SlowestFollower(5, window);
        var random = new Random(42);
        long[] places = new long[5];
        for (int round = 0; round < 10_000; round++) {
            int follower = random.nextInt(5);
            long before = places[follower];
            long last = Arrays.stream(places).min().orElse(0);
            places[follower] = Math.min(before + random.nextInt(300), last + window);

            boolean gotOn = slowest.advance(before, places[follower]);

            long now = Arrays.stream(places).min().orElse(0);
            assertThat(slowest.updates()).isEqualTo(now / step * step);
            assertThat(gotOn).isEqualTo(now / step > last / step);
        }
    }

    @Test
    void aWindowOfOneIsExact() {
        var slowest = new SlowestFollower(2, 1);

        assertThat(slowest.advance(0, 1)).isFalse();
        assertThat(slowest.advance(0, 1)).isTrue();
        assertThat(slowest.updates()).isEqualTo(1);
    }
}
