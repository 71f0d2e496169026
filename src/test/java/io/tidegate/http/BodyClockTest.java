package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a body comes too slowly, in a time of its own. */
class BodyClockTest {

    private static final HttpSettings SETTINGS = new HttpSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(15), 1000, 8192, 1 << 20);

    private long now;

    private static BodyClock whole() {
        return new BodyClock(SETTINGS, false);
    }

    private static BodyClock byLine() {
        return new BodyClock(SETTINGS, true);
    }

    /** Waits for some bytes, that come after so many seconds. */
    private BodyClock comes(BodyClock clock, String bytes, double seconds) {
        clock.waits(now);
        now += (long) (seconds * 1e9);
        clock.came(ByteString.fromString(bytes), now);
        return clock;
    }

    private boolean isOverdue(BodyClock clock, double seconds) {
        return clock.isOverdue(now + (long) (seconds * 1e9));
    }

    /** How many seconds it is waited for when it comes like this again and again; at most an hour. */
    private double patience(BodyClock clock, String bytes, double seconds) {
        while (now < Duration.ofHours(1).toNanos()) {
            clock.waits(now);
            if (isOverdue(clock, seconds)) {
                return now / 1e9 + seconds;
            }
            comes(clock, bytes, seconds);
        }
        return now / 1e9;
    }

    @Test
    void aBodyThatDoesNotComeIsOverdueAfterTheLongestSilence() {
        for (BodyClock clock : List.of(whole(), byLine())) {
            clock.waits(now);
            assertThat(isOverdue(clock, 14.9)).isFalse();
            assertThat(isOverdue(clock, 15)).isTrue();
        }
    }

    @Test
    void aBodyThatDripsIsOverdueInTotal() {
        assertThat(patience(whole(), "x", 2)).isEqualTo(16);
        now = 0;
        assertThat(patience(byLine(), "x", 2)).isEqualTo(18);
    }

    @Test
    void aBodyThatIsFastEnoughMayTakeItsTime() {
        assertThat(patience(whole(), "x".repeat(2000), 2)).isEqualTo(3600);
        now = 0;
        assertThat(patience(whole(), "x".repeat(1900), 2)).isBetween(200.0, 400.0);
    }

    @Test
    void aLineNowAndThenIsEnoughForAnHour() {
        assertThat(patience(byLine(), "{\"a\":1}\n", 1)).isEqualTo(3600);
        now = 0;
        assertThat(patience(byLine(), "{\"a\":1}\n", 14)).isGreaterThan(3590);
        now = 0;
        assertThat(patience(byLine(), "1}\n{\"a\":", 14)).isGreaterThan(3590);
    }

    @Test
    void aLineThatDripsIsOverdueAlthoughOthersCameInTime() {
        BodyClock clock = byLine();
        for (int i = 0; i < 100; i++) {
            comes(clock, "{\"a\":1}\n{", 10);
            comes(clock, "\"a\":1}\n", 1);
        }
        double before = now / 1e9;

        assertThat(patience(clock, "x", 2) - before).isEqualTo(18);
    }

    @Test
    void onlyTheTimeCountsInWhichTheServerWaits() {
        BodyClock clock = whole();
        comes(clock, "x", 10);
        now += Duration.ofHours(1).toNanos();
        assertThat(isOverdue(clock, 0)).isFalse();
        clock.waits(now);
        assertThat(isOverdue(clock, 4.9)).isFalse();
        assertThat(isOverdue(clock, 5.1)).isTrue();
    }

    @Test
    void inAHurryItIsWaitedForAsLongAsBytesTakeThatAreUnderWay() {
        BodyClock clock = whole();
        clock.waits(now);

        clock.hurry();

        assertThat(isOverdue(clock, 4.9)).isFalse();
        assertThat(isOverdue(clock, 5)).isTrue();
    }
}
