package io.tidegate.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each event does in each phase. */
class DrainProgressTest {

    private static final DrainEvent BEGIN = begin("first", Duration.ofSeconds(5));
    private static final DrainEvent CANCEL = new DrainEvent.Cancel();
    private static final DrainEvent FORCE = new DrainEvent.Force("force");

    private static DrainEvent begin(String reason, Duration announce) {
        return new DrainEvent.Begin(reason, false, announce);
    }

    private static DrainProgress after(DrainEvent... events) {
        DrainProgress progress = DrainProgress.START;
        long now = 0;
        for (DrainEvent event : events) {
            progress = progress.on(event, ++now);
        }
        return progress;
    }

    private static DrainProgress at(DrainPhase phase) {
        return phase == DrainPhase.RUNNING
                ? DrainProgress.START
                : phase == DrainPhase.ANNOUNCING ? after(BEGIN) : after(BEGIN, done(before(phase)));
    }

    private static DrainPhase before(DrainPhase phase) {
        return Stream.of(DrainPhase.values())
                .filter(each -> each.next() == phase && each != phase)
                .findAny()
                .orElseThrow();
    }

    private static DrainEvent done(DrainPhase phase) {
        return new DrainEvent.Done(phase);
    }

    private static DrainEvent deadline(DrainPhase phase, int run) {
        return new DrainEvent.Deadline(phase, run);
    }

    @Test
    void aDrainGoesThroughAllPhasesInTheirOrder() {
        DrainProgress progress = after(BEGIN);

        for (DrainPhase phase : List.of(DrainPhase.values()).subList(1, DrainPhase.values().length)) {
            assertThat(progress.phase()).isEqualTo(phase);
            assertThat(progress.reason()).isEqualTo("first");
            progress = progress.on(done(phase), 10);
        }
        assertThat(progress.phase()).isEqualTo(DrainPhase.ENDED);
    }

    @ParameterizedTest
    @EnumSource(value = DrainPhase.class, mode = EnumSource.Mode.EXCLUDE, names = "RUNNING")
    void aSecondBeginChangesNothing(DrainPhase phase) {
        DrainProgress progress = at(phase);

        assertThat(progress.on(begin("second", Duration.ofSeconds(5)), 99)).isSameAs(progress);
    }

    @Test
    void aCancelledDrainLeavesNothingButItsNumber() {
        DrainProgress cancelled = after(BEGIN, CANCEL);

        assertThat(cancelled.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(cancelled.reason()).isEmpty();
        DrainProgress again = cancelled.on(begin("again", Duration.ZERO), 9);
        assertThat(again.reason()).isEqualTo("again");
        assertThat(again.run()).isEqualTo(2);
        assertThat(again.begunNanos()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(value = DrainPhase.class, mode = EnumSource.Mode.EXCLUDE, names = "ANNOUNCING")
    void onlyAnAnnouncementCanBeCancelled(DrainPhase phase) {
        DrainProgress progress = at(phase);

        assertThat(progress.on(CANCEL, 99)).isSameAs(progress);
        assertThat(progress.isCancellable()).isFalse();
        assertThat(progress.whyNotCancellable()).isNotEmpty();
    }

    @Test
    void anAnnouncementOfTheActorSystemsEndCannotBeCancelled() {
        DrainProgress progress = after(BEGIN, new DrainEvent.Begin("other", true, Duration.ofSeconds(5)));

        assertThat(progress.on(CANCEL, 99)).isSameAs(progress);
        assertThat(progress.reason()).isEqualTo("first");
        assertThat(progress.whyNotCancellable()).contains("actor system");
    }

    @Test
    void theDeadlineOfACancelledDrainDoesNotEndTheNext() {
        DrainProgress second = after(BEGIN, CANCEL, BEGIN);

        assertThat(second.on(deadline(DrainPhase.ANNOUNCING, 1), 99)).isSameAs(second);
        assertThat(second.on(deadline(DrainPhase.ANNOUNCING, 2), 99).phase()).isEqualTo(DrainPhase.UNBINDING);
    }

    @Test
    void aCommitThatIsNotDoneInTimeIsAbandoned() {
        DrainProgress committing = at(DrainPhase.COMMITTING);

        DrainProgress late = committing.on(deadline(DrainPhase.COMMITTING, 1), 99);

        assertThat(late.phase()).isEqualTo(DrainPhase.CONNECTIONS);
        assertThat(late.commitAbandoned()).isTrue();
        assertThat(late.on(done(DrainPhase.COMMITTING), 100)).isSameAs(late);
        assertThat(committing.on(done(DrainPhase.COMMITTING), 99).commitAbandoned())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = DrainPhase.class,
            names = {"RUNNING", "UNBINDING", "CONNECTIONS", "CLOSING", "ENDED"})
    void noOtherPhaseEndsByItsDeadline(DrainPhase phase) {
        DrainProgress progress = at(phase);

        assertThat(progress.on(deadline(phase, progress.run()), 99)).isSameAs(progress);
    }

    @ParameterizedTest
    @EnumSource(DrainPhase.class)
    void whatIsOverIsNotDoneAgain(DrainPhase phase) {
        DrainProgress progress = at(phase);

        for (DrainPhase earlier : DrainPhase.values()) {
            if (earlier.number() < phase.number()) {
                assertThat(progress.on(done(earlier), 99)).isSameAs(progress);
            }
        }
    }

    @Test
    void aPhaseThatWasGivenUpIsDoneWithALaterOne() {
        assertThat(at(DrainPhase.UNBINDING).on(done(DrainPhase.CONNECTIONS), 99).phase())
                .isEqualTo(DrainPhase.CLOSING);
    }

    @ParameterizedTest
    @EnumSource(DrainPhase.class)
    void forceCutsTheAnnouncementShortAndIsNotedLater(DrainPhase phase) {
        DrainProgress before = at(phase);

        DrainProgress forced = before.on(FORCE, 99);

        switch (phase) {
            case RUNNING -> {
                assertThat(forced.phase()).isEqualTo(DrainPhase.UNBINDING);
                assertThat(forced.reason()).isEqualTo("force");
            }
            case ANNOUNCING -> {
                assertThat(forced.phase()).isEqualTo(DrainPhase.UNBINDING);
                assertThat(forced.reason()).isEqualTo("first");
            }
            case ENDED -> assertThat(forced).isSameAs(before);
            case UNBINDING, COMMITTING, CONNECTIONS, CLOSING ->
                assertThat(forced.phase()).isEqualTo(phase);
        }
        assertThat(forced.forced()).isEqualTo(phase != DrainPhase.ENDED);
        assertThat(forced.on(FORCE, 100)).isSameAs(forced);
        assertThat(forced.on(CANCEL, 100)).isSameAs(forced);
    }

    @Test
    void whatIsLeftIsCountedFromTheBeginOfTheWait() {
        var settings = new DrainSettings(
                Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(35), 1000);
        DrainProgress announcing = DrainProgress.START.on(BEGIN, seconds(100));
        DrainProgress unbinding = announcing.on(deadline(DrainPhase.ANNOUNCING, 1), seconds(105));
        DrainProgress committing = unbinding.on(done(DrainPhase.UNBINDING), seconds(106));
        DrainProgress connections = committing.on(done(DrainPhase.COMMITTING), seconds(108));

        assertThat(announcing.left(settings, seconds(102))).isEqualTo(Duration.ofSeconds(23));
        assertThat(announcing.left(settings, seconds(110))).isEqualTo(Duration.ofSeconds(20));
        assertThat(unbinding.left(settings, seconds(106))).isEqualTo(Duration.ofSeconds(19));
        assertThat(connections.left(settings, seconds(110))).isEqualTo(Duration.ofSeconds(15));
        assertThat(connections.left(settings, seconds(200))).isZero();
        assertThat(connections.on(FORCE, seconds(111)).left(settings, seconds(111)))
                .isZero();
        assertThat(DrainProgress.START.left(settings, 0)).isZero();
    }

    @Test
    void whoeverIsInMoreOfAHurryShortensTheAnnouncementAndNobodyMakesItLonger() {
        DrainProgress patient = DrainProgress.START.on(begin("operator", Duration.ofMinutes(1)), seconds(100));

        DrainProgress hurried = patient.on(begin("SIGTERM", Duration.ofSeconds(5)), seconds(110));

        assertThat(patient.announcement(seconds(110))).isEqualTo(Duration.ofSeconds(50));
        assertThat(hurried.announcement(seconds(110))).isEqualTo(Duration.ofSeconds(5));
        assertThat(hurried.reason()).isEqualTo("operator");
        assertThat(hurried.begunNanos()).isEqualTo(seconds(100));
        assertThat(hurried.isCancellable()).isTrue();
        assertThat(hurried.on(begin("JMX", Duration.ofSeconds(30)), seconds(111)))
                .isSameAs(hurried);
        DrainProgress unbinding = hurried.on(deadline(DrainPhase.ANNOUNCING, 1), seconds(115));
        assertThat(unbinding.on(begin("late", Duration.ZERO), seconds(116))).isSameAs(unbinding);
        assertThat(unbinding.announcement(seconds(116))).isZero();
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void theLineForPeopleSaysWhereWhoAndHowLong() {
        var status = new DrainStatus(
                DrainPhase.CONNECTIONS, "SIGTERM", 1204, 18, Duration.ZERO, Duration.ofMillis(21_300), false, false);

        assertThat(status).hasToString("drain 4/6: 1,204 open, 18 stragglers, 22 s left");
        assertThat(DrainStatus.RUNNING).hasToString("running: 0 open");
    }
}
