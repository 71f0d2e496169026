package io.tidegate.journey;

import static io.tidegate.journey.StopUnderLoadJourney.DRAIN_TIMEOUT_MILLIS;
import static io.tidegate.journey.StopUnderLoadJourney.PACE_PER_SECOND;
import static io.tidegate.journey.StopUnderLoadJourney.PUBLISHERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Timing;
import java.util.List;

/** How fast a server that is stopped under load has to be: in each round, and as a rule. */
final class StopLimits {

    /** What a pace loses at its start, which is counted too. */
    private static final double LEAST_OF_PACE = 0.9;

    private static final long REFUSED_WITHIN_MILLIS = 100;

    /** Between threads, from the signal to the closed listener; each takes longer where the clients take the cores. */
    private static final long HANDOVERS = 20;

    /** What a machine that is busy with other things may add in single rounds; the medians must do without. */
    private static final long BUSY_MACHINE_MILLIS = 2500;

    private static final long GONE_WITHIN_MILLIS = 1000;

    private static final long DEADLINE_TOLERANCE_MILLIS = 500;

    private StopLimits() {}

    /** @param held how long its end is held up by clients that do not read, in milliseconds */
    static void requireInTime(Figures measured, long held) {
        assertThat(measured.exitCode()).as("exit code").isEqualTo(held > 0 ? 3 : 0);
        assertThat(measured.gone()).as("gone").isGreaterThanOrEqualTo(held);
        Timing.onQuietMachine(() -> requireInTimeOnQuietMachine(measured, held));
    }

    private static void requireInTimeOnQuietMachine(Figures measured, long held) {
        assertThat(measured.lastLetIn()).as("last let in").isLessThan(REFUSED_WITHIN_MILLIS + BUSY_MACHINE_MILLIS);
        assertThat(measured.lastGoodbye()).as("last goodbye").isLessThan(DRAIN_TIMEOUT_MILLIS + BUSY_MACHINE_MILLIS);
        assertThat(measured.gone())
                .as("gone")
                .isLessThan(measured.lastGoodbye() + held + GONE_WITHIN_MILLIS + BUSY_MACHINE_MILLIS);
        assertThat(measured.resets()).as("resets").allSatisfy(reset -> assertThat(reset)
                .isBetween(held - DEADLINE_TOLERANCE_MILLIS, held + DEADLINE_TOLERANCE_MILLIS + BUSY_MACHINE_MILLIS));
    }

    /** Where nothing else keeps the machine busy. */
    static void requireInTimeAsARule(List<Figures> figures) {
        assertThat(Figures.median(figures, Figures::perSecond))
                .as("acknowledgements per second")
                .isGreaterThan((long) (LEAST_OF_PACE * PUBLISHERS * PACE_PER_SECOND));
        long lateMillis = HANDOVERS * Figures.median(figures, Figures::latenessMicros) / 1000;
        assertThat(Figures.median(figures, Figures::lastLetIn))
                .as("last let in")
                .isLessThan(REFUSED_WITHIN_MILLIS + lateMillis);
        assertThat(Figures.medianOfAll(figures, Figures::resets))
                .as("resets")
                .isBetween(
                        DRAIN_TIMEOUT_MILLIS - DEADLINE_TOLERANCE_MILLIS,
                        DRAIN_TIMEOUT_MILLIS + DEADLINE_TOLERANCE_MILLIS);
    }
}
