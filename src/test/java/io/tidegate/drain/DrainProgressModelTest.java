package io.tidegate.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.drain.DrainEvent.Begin;
import io.tidegate.drain.DrainEvent.Cancel;
import io.tidegate.drain.DrainEvent.Deadline;
import io.tidegate.drain.DrainEvent.Done;
import io.tidegate.drain.DrainEvent.Force;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one drain's events, those that come late or twice included, against what an operator relies on. A
 * failure names its seed; {@code -Dtidegate.seed=…} replays that one history.
 *
 * <p>It was shown to notice, each planted by itself: a second reason that replaces the first, a deadline of a cancelled drain
 * that ends the next, a cancel that is heeded after the announcement or although the end is irrevocable, a force that goes
 * back a phase or is forgotten, an announcement that a later begin makes longer, a phase that is done twice, an abandoned commit that is forgotten or told of one that was done,
 * and a wait that begins anew.
 */
class DrainProgressModelTest {

    private static final int HISTORIES = 2000;
    private static final int STEPS = 30;
    private static final DrainPhase[] PHASES = DrainPhase.values();

    private final DrainSettings settings = new DrainSettings(
            Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(35), 1000);

    private int cancelled;
    private int abandoned;
    private int forced;
    private int ended;

    @Test
    void whateverComesInWhateverOrderADrainIsWhatItSays() {
        Long replayed = Long.getLong("tidegate.seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? HISTORIES : replayed;
        for (long seed = first; seed <= last; seed++) {
            try {
                new History(new Random(seed)).run();
            } catch (AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A model that never comes to what it is about proves nothing.
            assertThat(List.of(cancelled, abandoned, forced, ended))
                    .allSatisfy(times -> assertThat(times).isGreaterThan(HISTORIES / 10));
        }
    }

    /** What happened is kept as it was; what is expected is looked up in it. */
    private final class History {

        private final Random random;
        private final List<DrainEvent> sinceItRan = new ArrayList<>();
        private DrainProgress progress = DrainProgress.START;
        private long now;
        private int begun;
        private long begunNanos;
        private long announcedNanos;
        private long waitingNanos;
        private boolean commitOverdue;
        private Duration left = Duration.ZERO;

        History(Random random) {
            this.random = random;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                now += Duration.ofMillis(random.nextInt(4000)).toNanos();
                happens(anyEvent());
            }
            forced += progress.forced() ? 1 : 0;
            if (progress.phase() != DrainPhase.RUNNING) {
                abandoned += progress.commitAbandoned() ? 1 : 0;
                finish();
            }
        }

        private DrainEvent anyEvent() {
            return switch (random.nextInt(12)) {
                case 0, 1 -> new Begin("begin " + now, random.nextInt(6) == 0, Duration.ofMillis(random.nextInt(5001)));
                case 2, 3 -> new Cancel();
                case 4 -> random.nextInt(4) == 0 ? new Force("force " + now) : new Cancel();
                case 5, 6, 7 -> new Done(progress.phase());
                case 8 -> new Done(PHASES[random.nextInt(PHASES.length)]);
                default ->
                    new Deadline(
                            random.nextBoolean() ? progress.phase() : PHASES[random.nextInt(PHASES.length)],
                            Math.max(0, begun - random.nextInt(2)));
            };
        }

        private void happens(DrainEvent event) {
            DrainProgress before = progress;
            progress = before.on(event, now);
            note(event, before.phase());

            assertThat(progress.on(event, now)).as("the same again").isSameAs(progress);
            requireTheOrderOfPhases(event, before.phase());
            requireWhatWasNoted();
            requireTimes(before);
        }

        /** The model: events since the server ran last, and when the two waits began. */
        private void note(DrainEvent event, DrainPhase before) {
            boolean wakes = event instanceof Begin || event instanceof Force;
            if (before == DrainPhase.RUNNING && wakes) {
                begun++;
                begunNanos = now;
                announcedNanos = now + announced(event);
                waitingNanos = 0;
                commitOverdue = false;
            }
            if ((before != DrainPhase.RUNNING || wakes) && before != DrainPhase.ENDED) {
                sinceItRan.add(event);
            }
            if (before == DrainPhase.COMMITTING && event.equals(new Deadline(DrainPhase.COMMITTING, begun))) {
                commitOverdue = true;
            }
            if (before == DrainPhase.ANNOUNCING && event instanceof Begin) {
                announcedNanos = Math.min(announcedNanos, now + announced(event));
            }
            boolean waits = before.number() < DrainPhase.UNBINDING.number()
                    && progress.phase().number() >= DrainPhase.UNBINDING.number();
            waitingNanos = waits ? now : waitingNanos;
        }

        private static long announced(DrainEvent event) {
            return event instanceof Begin begin ? begin.announce().toNanos() : 0;
        }

        private void requireTheOrderOfPhases(DrainEvent event, DrainPhase before) {
            DrainPhase after = progress.phase();
            if (event instanceof Cancel && before == DrainPhase.ANNOUNCING && !isIrrevocable()) {
                assertThat(after).isEqualTo(DrainPhase.RUNNING);
                sinceItRan.clear();
                cancelled++;
            } else if (event instanceof Begin) {
                assertThat(after).isEqualTo(before == DrainPhase.RUNNING ? DrainPhase.ANNOUNCING : before);
            } else if (event instanceof Force) {
                boolean isBound = before.number() < DrainPhase.UNBINDING.number();
                assertThat(after).isEqualTo(isBound ? DrainPhase.UNBINDING : before);
            } else if (event instanceof Done done) {
                boolean isNews = before != DrainPhase.RUNNING && done.phase().number() >= before.number();
                assertThat(after).isEqualTo(isNews ? done.phase().next() : before);
            } else if (event instanceof Deadline) {
                boolean moves = event.equals(new Deadline(before, begun))
                        && (before == DrainPhase.ANNOUNCING || before == DrainPhase.COMMITTING);
                assertThat(after).isEqualTo(moves ? before.next() : before);
            } else {
                assertThat(after).isEqualTo(before);
            }
        }

        private boolean isIrrevocable() {
            return sinceItRan.stream()
                    .anyMatch(event -> event instanceof Force || (event instanceof Begin begin && begin.irrevocable()));
        }

        private void requireWhatWasNoted() {
            assertThat(progress.run()).isEqualTo(begun);
            if (progress.phase() == DrainPhase.RUNNING) {
                assertThat(progress.reason()).isEmpty();
                assertThat(progress.forced()).isFalse();
            } else {
                assertThat(progress.reason()).isEqualTo(reason(sinceItRan.get(0)));
                assertThat(progress.forced()).isEqualTo(sinceItRan.stream().anyMatch(Force.class::isInstance));
                assertThat(progress.commitAbandoned()).isEqualTo(commitOverdue);
            }
            boolean isCancellable = progress.phase() == DrainPhase.ANNOUNCING && !isIrrevocable();
            assertThat(progress.isCancellable()).isEqualTo(isCancellable);
        }

        private static String reason(DrainEvent event) {
            return event instanceof Begin begin ? begin.reason() : ((Force) event).reason();
        }

        private void requireTimes(DrainProgress before) {
            Duration leftBefore = left;
            left = progress.left(settings, now);
            assertThat(left).isBetween(Duration.ZERO, settings.announce().plus(settings.timeout()));
            if (progress.phase() == DrainPhase.RUNNING) {
                return;
            }
            assertThat(progress.begunNanos()).isEqualTo(begunNanos);
            assertThat(progress.announcedNanos()).isEqualTo(announcedNanos);
            assertThat(progress.waitingNanos()).isEqualTo(waitingNanos);
            if (before.run() == progress.run()) {
                assertThat(left).as("what is left never grows").isLessThanOrEqualTo(leftBefore);
            }
        }

        /** Whatever has happened, the end of the last phase ends it, and nothing comes after that. */
        private void finish() {
            happens(new Done(DrainPhase.CLOSING));
            assertThat(progress.phase()).isEqualTo(DrainPhase.ENDED);
            ended++;
            for (int i = 0; i < 5; i++) {
                DrainProgress end = progress;
                now++;
                happens(anyEvent());
                assertThat(progress.phase()).isEqualTo(end.phase());
                assertThat(progress.reason()).isEqualTo(end.reason());
            }
        }
    }
}
