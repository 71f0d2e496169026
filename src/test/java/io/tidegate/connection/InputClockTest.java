package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.wire.Decoder.Begun;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a client is waited for no longer. */
class InputClockTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final InputClock clock = new InputClock(Duration.ofSeconds(30), 1000);

    @Test
    void whoHasBegunNothingMayBeSilent() {
        clock.look(null, true, 0);

        assertThat(clock.isOverdue(true, 1_000_000 * SECOND)).isFalse();
    }

    @Test
    void whatStandsStillIsOverdueAfterTheGrace() {
        clock.look(new Begun(0, 1), true, 0);

        assertThat(clock.isOverdue(true, 29 * SECOND)).isFalse();
        assertThat(clock.isOverdue(true, 31 * SECOND)).isTrue();
    }

    @Test
    void whatDripsIsOverdueHardlyLater() {
        for (int second = 0; second <= 30; second++) {
            clock.look(new Begun(0, second + 1), true, second * SECOND);
            assertThat(clock.isOverdue(true, second * SECOND)).isFalse();
        }

        assertThat(clock.isOverdue(true, 31 * SECOND)).isTrue();
    }

    @Test
    void whatKeepsTheLeastRateIsNeverOverdue() {
        for (int second = 0; second < 3600; second++) {
            clock.look(new Begun(0, 1000L * second), true, second * SECOND);

            assertThat(clock.isOverdue(true, second * SECOND)).isFalse();
        }
    }

    @Test
    void theNextOneHasATimeOfItsOwn() {
        for (int number = 0; number < 100; number++) {
            clock.look(new Begun(number, 1), true, number * 20L * SECOND);

            assertThat(clock.isOverdue(true, (number * 20L + 19) * SECOND)).isFalse();
        }
    }

    @Test
    void whoIsNotListenedToIsNotBlamed() {
        clock.look(new Begun(0, 1), false, 0);
        assertThat(clock.isOverdue(false, 100 * SECOND)).isFalse();
        assertThat(clock.isOverdue(true, 200 * SECOND)).isFalse();

        assertThat(clock.isOverdue(true, 229 * SECOND)).isFalse();
        assertThat(clock.isOverdue(true, 231 * SECOND)).isTrue();
    }
}
