package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.wire.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the dialogue ends: all that was asked for, and a goodbye where it is due. */
class SessionEndTest extends SessionFixture {

    @Test
    void quitIsTakenAfterAllThatWasAskedBefore() {
        say("put c k 1", "ping", "quit");
        assertThat(session.wantsInput()).isFalse();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), PONG, goodbye("quit", 1, 0));
        assertThat(session.isFinished()).isTrue();
        assertThat(session.wantsInput()).isFalse();
    }

    @Test
    void theGoodbyeOfAFollowerThatQuitsNamesThePositionThatItHas() {
        publish(1);
        say("updates");
        pollAll();
        publish(2);
        say("quit");

        List<String> lines = pollAll();

        int handedOut =
                (int) lines.stream().filter(line -> line.contains("\"put\"")).count();
        assertThat(lines).last().isEqualTo(goodbye("quit", 1 + handedOut, 0));
    }

    @Test
    void aClientThatClosesItsSideGetsItsAnswersAndNoGoodbye() {
        say("put c k 1", "ping");
        session.inputEnded();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), PONG);
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aClientThatClosesItsSideGoesOnFollowing() {
        say("follow");
        session.inputEnded();
        assertThat(pollAll()).containsExactly(synced(0, 0), subscribed(0), caughtUp(0));

        publish(1);

        assertThat(pollAll()).containsExactly(put(1));
        assertThat(session.isFinished()).isFalse();
    }

    @Test
    void aClientThatClosesItsSideInTheMiddleOfALineIsTold() {
        session.line(new Line.Incomplete());
        session.inputEnded();

        List<String> lines = pollAll();

        assertError(lines.get(0), "incomplete-line");
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownSaysGoodbyeWhenTheInputHasEnded() {
        publish(2);
        session.shutdown(SHUTDOWN);
        assertThat(signals).hasValue(1);
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void whoIsSentAwayIsToldWhereElseToGoOn() {
        elsewhere = List.of("b:1", "c:2");
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll())
                .containsExactly(goodbye("shutdown", 0, 250).replace("}", ",\"nodes\":[\"b:1\",\"c:2\"]}"));
    }

    @Test
    void whoWantsToGoIsNotSentOn() {
        elsewhere = List.of("b:1", "c:2");
        say("quit");

        assertThat(pollAll()).containsExactly(goodbye("quit", 0, 0));
    }

    @Test
    void aShutdownThatCutsALineDoesNotBlameTheClient() {
        session.shutdown(SHUTDOWN);
        session.line(new Line.Incomplete());
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 0, 250));
    }

    @Test
    void aShutdownSendsTheBacklogFirst() {
        say("updates");
        pollAll();
        publish(12);
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        List<String> lines = pollAll();

        assertThat(lines.subList(0, 12)).isEqualTo(puts(1, 12));
        assertThat(lines.subList(12, lines.size())).containsExactly(goodbye("shutdown", 12, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownOfOneFollowerEndsAtTheHeadThatItSaw() {
        say("updates");
        pollAll();
        publish(2);
        session.shutdown(SHUTDOWN);
        assertThat(poll()).isEqualTo(puts(1, 2));
        publish(2);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
    }

    @Test
    void aShutdownFinishesASnapshotThatIsBeingStreamed() {
        publish(2);
        say("follow");
        assertThat(poll()).isEmpty();
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll())
                .containsExactly(
                        snapshot(1), document("c", "k", "1"), synced(2, 1), subscribed(2), goodbye("shutdown", 2, 250));
        assertThat(session.isFinished()).isTrue();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aShutdownWaitsForChangesThatWereTaken() {
        say("put c k 1");
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), goodbye("shutdown", 1, 250));
    }

    @Test
    void aFollowerThatIsLostInAShutdownIsToldThePositionThatItHas() {
        say("updates");
        pollAll();
        publish(10);
        log.trimTo(5);
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 0, 250));
        assertThat(session.isFinished()).isTrue();
    }

    // ---- where to resume

    @Test
    void whoSyncedResumesThere() {
        publish(2);
        say("sync");
        assertThat(pollAll()).last().isEqualTo(synced(2, 1));
        publish(3);

        say("quit");

        assertThat(pollAll()).containsExactly(goodbye("quit", 2, 0));
    }

    @Test
    void anOwnChangeDoesNotMoveThePositionOfWhatWasSynced() {
        say("sync");
        pollAll();
        publish(1);
        say("put c k 1", "quit");
        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(2), goodbye("quit", 0, 0));
    }

    @Test
    void whoseSubscriptionFailedResumesAfterItsLastUpdate() {
        say("updates");
        pollAll();
        publish(2);
        assertThat(pollAll()).isEqualTo(puts(1, 2));
        publish(10);
        log.failReads("injected");
        assertError(pollAll().get(0), "store-failed");

        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
    }

    @Test
    void whoseSnapshotFailedResumesFromTheBeginning() {
        publish(2);
        say("follow");
        log.failSnapshots("injected");
        assertError(pollAll().get(0), "store-failed");

        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 0, 250));
    }

    @Test
    void whosePositionWasUnavailableResumesFromTheBeginning() {
        publish(2);
        say("updates after 0ther:1", "quit");

        assertThat(pollAll()).last().isEqualTo(goodbye("quit", 0, 0));
    }

    @Test
    void theFirstGoodbyeStands() {
        say("quit");
        assertThat(poll()).containsExactly(goodbye("quit", 0, 0));
        session.shutdown(SHUTDOWN);

        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aClosedSessionHoldsNothing() {
        say("updates");
        pollAll();
        publish(10);
        assertThat(poll()).isEmpty();

        session.close();
        reads.runAll();
        log.trimTo(9);

        assertThat(session.isFinished()).isTrue();
        assertThat(session.poll()).isNull();
    }

    @Test
    void whoIsToldTheNewestLateIsToldToGoAtOnce() {
        say("follow latest");
        pollAll();
        assertThat(session.saysTheNewest()).isTrue();

        session.shutdown(SHUTDOWN);

        assertThat(session.saysTheNewest()).isFalse();
    }
}
