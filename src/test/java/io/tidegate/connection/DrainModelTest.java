package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connection.ConnectionManager.AbortAll;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Random histories of the manager's drain against the plainest model: who is open, who was told, when the deadline is. The
 * repetition is the seed; {@code -Dtidegate.seed=…} replays that one history.
 *
 * <p>It was shown to notice, each planted by itself: a slot that is given twice, a late connection that is not told, a second
 * reply, and a deadline that aborts nobody.
 */
class DrainModelTest extends ManagerFixture {

    private static final int HISTORIES = 15;
    private static final int STEPS = 25;
    private static final Duration LAST_RESORT = Duration.ofMillis(500);

    private final List<FakeConnection> all = new ArrayList<>();
    private final List<FakeConnection> open = new ArrayList<>();

    /** How those ended that are the drain's own. */
    private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);

    private Duration sinceTheDrain = Duration.ZERO;
    private boolean draining;
    private boolean replied;
    private int told;

    @RepeatedTest(HISTORIES)
    void everyoneIsToldOnceAndNoneOutlivesTheDeadline(RepetitionInfo repetition) {
        long seed = Long.getLong("tidegate.seed", repetition.getCurrentRepetition());
        try {
            run(new Random(seed));
        } catch (AssertionError e) {
            throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
        }
    }

    private void run(Random random) {
        int drainAt = random.nextInt(STEPS);
        for (int step = 0; step < STEPS; step++) {
            int action = random.nextInt(100);
            if (step == drainAt) {
                begin();
            } else if (action < 40) {
                open(random);
            } else if (action < 75) {
                endAny(random);
            } else if (action < 95) {
                pass(Duration.ofMillis(random.nextInt(1500)));
            } else if (draining) {
                abortAll();
            }
            requireAgreement();
        }
        pass(TIMEOUT);
        pass(LAST_RESORT);
        requireAgreement();
        assertThat(ledger.open()).isZero();
        assertThat(ledger.totals().ended()).isEqualTo(all.size());
    }

    private void open(Random random) {
        var connection = opened(all.size() + 1);
        connection.heedsAborts = random.nextInt(4) > 0;
        all.add(connection);
        if (isPastTheDeadline()) {
            // It was aborted while it still heeded that.
            count(Outcome.ABORTED);
        } else {
            open.add(connection);
            told += draining ? 1 : 0;
        }
    }

    private boolean isPastTheDeadline() {
        return draining && sinceTheDrain.compareTo(TIMEOUT) >= 0;
    }

    private void begin() {
        draining = true;
        told = open.size();
        drain();
    }

    private void endAny(Random random) {
        if (!open.isEmpty()) {
            Outcome outcome = random.nextBoolean() ? Outcome.COMPLETED : Outcome.RESET_BY_PEER;
            open.remove(random.nextInt(open.size())).end(outcome);
            count(outcome);
            settle();
        }
    }

    private void count(Outcome outcome) {
        if (draining && !replied) {
            ended.merge(outcome, 1L, Long::sum);
        }
    }

    private void abortAll() {
        manager.tell(new AbortAll(CloseReason.ABORTED));
        settle();
        removeAborted(false);
        passes(LAST_RESORT);
        sinceTheDrain = sinceTheDrain.plus(LAST_RESORT);
        removeAborted(true);
    }

    private void pass(Duration duration) {
        passes(duration);
        boolean wasBefore = !isPastTheDeadline();
        sinceTheDrain = draining ? sinceTheDrain.plus(duration) : sinceTheDrain;
        if (wasBefore && isPastTheDeadline()) {
            removeAborted(false);
            passes(LAST_RESORT);
            sinceTheDrain = sinceTheDrain.plus(LAST_RESORT);
            removeAborted(true);
        }
    }

    private void removeAborted(boolean alsoTheDeaf) {
        for (FakeConnection connection : List.copyOf(open)) {
            if (connection.heedsAborts || alsoTheDeaf) {
                open.remove(connection);
                count(Outcome.ABORTED);
            }
        }
    }

    private void requireAgreement() {
        assertThat(ledger.open()).isEqualTo(open.size());
        for (FakeConnection connection : open) {
            assertThat(connection.shutdowns).hasSize(draining ? 1 : 0);
            assertThat(connection.destroyed).hasValue(0);
        }
        List<Duration> slots = new ArrayList<>();
        for (int i = 0; i < told; i++) {
            slots.add(Duration.ofMillis(1000L * i / RECONNECTS_PER_SECOND));
        }
        assertThat(shutdowns(all)).as("slots").isEqualTo(slots);
        if (draining && open.isEmpty() && !replied) {
            replied = true;
            expectDrained(of(Outcome.COMPLETED), of(Outcome.ABORTED), of(Outcome.RESET_BY_PEER));
        } else {
            drained.expectNoMessage(Duration.ZERO);
        }
    }

    private long of(Outcome outcome) {
        return ended.getOrDefault(outcome, 0L);
    }
}
