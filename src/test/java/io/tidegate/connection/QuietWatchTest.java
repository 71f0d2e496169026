package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One look a second, as the connections' manager takes them. */
class QuietWatchTest {

    private final QuietWatch watch = new QuietWatch(Duration.ofSeconds(15), 0);
    private long written = 100;
    private int second;

    private boolean look(boolean hasPeerEnded) {
        second++;
        return watch.isHeartbeatDue(
                written, hasPeerEnded, Duration.ofSeconds(second).toNanos());
    }

    private int heartbeatsIn(int looks, boolean hasPeerEnded, boolean areWritten) {
        int heartbeats = 0;
        for (int i = 0; i < looks; i++) {
            if (look(hasPeerEnded)) {
                heartbeats++;
                written += areWritten ? 60 : 0;
            }
        }
        return heartbeats;
    }

    @Test
    void aHeartbeatIsDueAfterTheIntervalWithoutAByte() {
        look(false);

        assertThat(heartbeatsIn(14, false, true)).isZero();
        assertThat(heartbeatsIn(1, false, true)).isOne();
        assertThat(heartbeatsIn(15, false, true)).isZero();
        assertThat(heartbeatsIn(1, false, true)).isOne();
    }

    @Test
    void afterTheClientsFinTwoAreDueAtOnce() {
        look(false);

        assertThat(heartbeatsIn(2, true, true)).isEqualTo(2);
        assertThat(heartbeatsIn(10, true, true)).isZero();
    }

    @Test
    void aProbeThatWasNotWrittenIsAskedForAgain() {
        look(false);

        assertThat(heartbeatsIn(5, true, false)).isEqualTo(5);
        assertThat(heartbeatsIn(10, true, true)).isEqualTo(2);
    }

    @Test
    void whatTheClientIsSentOtherwiseIsAProbeAsWell() {
        look(true);
        written += 1000;
        look(true);
        written += 1000;

        assertThat(look(true)).isFalse();
    }

    @Test
    void whatWasSentBeforeTheFinIsNone() {
        look(false);
        written += 1000;

        assertThat(heartbeatsIn(10, true, true)).isEqualTo(2);
    }
}
