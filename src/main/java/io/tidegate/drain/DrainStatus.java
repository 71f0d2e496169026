package io.tidegate.drain;

import io.tidegate.document.Counted;
import java.time.Duration;
import java.util.Locale;

/**
 * How a drain stands at one moment.
 *
 * @param phase where it is
 * @param reason what began it; empty while running
 * @param open connections that have not ended
 * @param stragglers those of them that were told to end more than a second ago; counted once a second
 * @param announced for how long it is still announced; zero in all other phases
 * @param left how long it takes at most until every connection has ended; zero when nothing is waited for
 * @param forced whether somebody did not want to wait
 * @param cancellable whether to cancel it makes the server run on
 */
public record DrainStatus(
        DrainPhase phase,
        String reason,
        long open,
        long stragglers,
        Duration announced,
        Duration left,
        boolean forced,
        boolean cancellable) {

    static final DrainStatus RUNNING =
            new DrainStatus(DrainPhase.RUNNING, "", 0, 0, Duration.ZERO, Duration.ZERO, false, false);

    /** Whether nothing but time has passed. */
    boolean isLike(DrainStatus other) {
        return phase == other.phase && open == other.open && stragglers == other.stragglers && forced == other.forced;
    }

    /** {@code drain 4/6: 1,204 open, 18 stragglers, 22 s left}. */
    @Override
    public String toString() {
        if (phase == DrainPhase.RUNNING) {
            return String.format(Locale.ROOT, "running: %,d open", open);
        }
        return String.format(
                Locale.ROOT,
                "drain %d/%d: %,d open, %s, %,d s left",
                phase.number(),
                DrainPhase.last(),
                open,
                Counted.of(stragglers, "straggler"),
                (left.toMillis() + 999) / 1000);
    }
}
