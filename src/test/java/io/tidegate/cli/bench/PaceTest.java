package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When updates may be published, in a closed and in an open loop. */
class PaceTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void aWindowMovesWithWhatHasArrived() {
        var arrived = new AtomicLong(100);
        var pace = new Pace.Windowed(120, Long.MAX_VALUE, 10, arrived::get);

        assertThat(pace.allowed(0)).isEqualTo(110);
        arrived.set(115);
        assertThat(pace.allowed(0)).isEqualTo(120);
        assertThat(pace.isOver(119, 0)).isFalse();
        assertThat(pace.isOver(120, 0)).isTrue();
    }

    @Test
    void aWindowIsClosedAtItsEnd() {
        var pace = new Pace.Windowed(Long.MAX_VALUE, 50, 10, () -> 0);

        assertThat(pace.allowed(49)).isEqualTo(10);
        assertThat(pace.allowed(50)).isZero();
        assertThat(pace.isOver(3, 49)).isFalse();
        assertThat(pace.isOver(3, 50)).isTrue();
        assertThat(pace.nanosToNext(3, 20)).isEqualTo(30);
    }

    @Test
    void atARateEachUpdateHasItsTimeHoweverLateItIs() {
        var pace = new Pace.Fixed(40, 45, 7 * MILLI, 1000);

        assertThat(pace.allowed(6 * MILLI)).isEqualTo(40);
        assertThat(pace.allowed(7 * MILLI)).isEqualTo(41);
        assertThat(pace.allowed(9 * MILLI)).isEqualTo(43);
        assertThat(pace.allowed(1000 * MILLI)).isEqualTo(45);
        assertThat(pace.intendedNanos(42, 1000 * MILLI)).isEqualTo(9 * MILLI);
        assertThat(pace.nanosToNext(42, 8 * MILLI)).isEqualTo(MILLI);
        assertThat(pace.isOver(44, 1000 * MILLI)).isFalse();
        assertThat(pace.isOver(45, 0)).isTrue();
    }
}
