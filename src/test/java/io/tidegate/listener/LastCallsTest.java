package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a listener that is to close goes on. */
class LastCallsTest {

    private static final long BEGIN = -1_000_000_000_000L;
    private static final boolean SOMEBODY_WAITS = false;
    private static final boolean NOBODY_WAITS = true;

    private static LastCalls lastCalls(long waiting) {
        return new LastCalls(waiting, Duration.ofSeconds(10), BEGIN);
    }

    private static long after(long millis) {
        return BEGIN + Duration.ofMillis(millis).toNanos();
    }

    @Test
    void whenNobodyWaitsItIsOver() {
        assertThat(lastCalls(0).isOver(NOBODY_WAITS, BEGIN)).isTrue();
        assertThat(lastCalls(100).isOver(NOBODY_WAITS, BEGIN)).isTrue();
    }

    @Test
    void whoWaitedIsLetInHoweverLongItTakes() {
        LastCalls calls = lastCalls(2);

        assertThat(calls.isOver(SOMEBODY_WAITS, after(9_999))).isFalse();
        calls.letIn(after(9_000));
        assertThat(calls.isOver(SOMEBODY_WAITS, after(9_999))).isFalse();
    }

    @Test
    void whoComesAfterwardsHasAMoment() {
        LastCalls calls = lastCalls(2);
        calls.letIn(after(3_000));
        calls.letIn(after(4_000));

        calls.letIn(after(4_400));
        assertThat(calls.isOver(SOMEBODY_WAITS, after(4_499))).isFalse();
        assertThat(calls.isOver(SOMEBODY_WAITS, after(4_500))).isTrue();
    }

    @Test
    void patienceEndsItInAnyCase() {
        assertThat(lastCalls(100).isOver(SOMEBODY_WAITS, after(10_000))).isTrue();
    }

    @Test
    void afterASecondOrHalfOfThePatienceNobodyIsServedAnyMore() {
        assertThat(lastCalls(100).isLong(after(999))).isFalse();
        assertThat(lastCalls(100).isLong(after(1_000))).isTrue();
        assertThat(new LastCalls(1, Duration.ofMillis(500), BEGIN).isLong(after(250)))
                .isTrue();
    }
}
