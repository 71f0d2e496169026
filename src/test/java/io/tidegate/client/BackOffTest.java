package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pauses between attempts. */
class BackOffTest {

    @Test
    void pausesGrowUpToTheLimitAndBeginAnewAfterSuccess() {
        var backOff = new BackOff(new Random(7));

        for (long ceiling = 100; ceiling < 10_000; ceiling *= 2) {
            assertThat(backOff.next().toMillis()).isBetween(ceiling / 2, ceiling);
        }
        assertThat(backOff.next().toMillis()).isBetween(5_000L, 10_000L);
        assertThat(backOff.next().toMillis()).isBetween(5_000L, 10_000L);

        backOff.reset();
        assertThat(backOff.next().toMillis()).isBetween(50L, 100L);
    }
}
