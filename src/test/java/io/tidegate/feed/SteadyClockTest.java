package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private final AtomicLong millisOfDay = new AtomicLong(1_000_000);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void itGoesOnAsTimeDoesWhateverTheTimeOfDayIsSetTo() {
        var clock = new SteadyClock(millisOfDay::get, nanos::get);
        assertThat(clock.millis()).isEqualTo(1_000_000);

        millisOfDay.addAndGet(Duration.ofDays(3650).toMillis());
        assertThat(clock.millis()).isEqualTo(1_000_000);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        millisOfDay.set(0);
        assertThat(clock.millis()).isEqualTo(1_002_000);
    }
}
