package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.feed.FeedLogException;
import io.tidegate.wire.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests are answered in their order, and no more of them are taken than may be owed. */
class SessionAnswersTest extends SessionFixture {

    // ---- answers

    @Test
    void answersComeInRequestOrder() {
        say("put c k 1", "ping", "delete c k", "nonsense");
        assertThat(poll()).isEmpty();

        commits.runAll();

        assertThat(signals).hasValue(1);
        List<String> lines = pollAll();
        assertThat(lines.subList(0, 3)).containsExactly(accepted(1), PONG, accepted(2));
        assertError(lines.get(3), "unknown-request");
        assertThat(lines).hasSize(4);
    }

    @Test
    void anAnswerThatIsReadyIsNotHeldUpByALaterOne() {
        say("put c k 1");
        commits.runAll();
        say("put c k 2");

        assertThat(poll()).containsExactly(accepted(1));
    }

    @Test
    void everyAnswerIsGivenOnceHoweverManySignalsThereWere() {
        say("put c k 1", "put c k 2");
        commits.runAll();

        assertThat(poll()).containsExactly(accepted(1), accepted(2));
        assertThat(poll()).isEmpty();
    }

    @Test
    void helpAndPingAreAnsweredAtOnce() {
        say("help", "ping");

        assertThat(pollAll()).hasSize(2).first().asString().contains("\"event\":\"help\"");
    }

    @Test
    void mistakesAreAnsweredAndTheDialogueGoesOn() {
        session.line(new Line.TooLong(256));
        say("put c k {");
        say("ping");

        List<String> lines = pollAll();

        assertError(lines.get(0), "line-too-long");
        assertThat(lines.get(0)).contains("256");
        assertError(lines.get(1), "invalid-json");
        assertThat(lines.get(2)).isEqualTo(PONG);
        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void aRefusedChangeIsAnsweredWithItsReason() {
        say("put c k 1");
        log.failAppends(new FeedLogException("no space"));
        commits.runAll();
        assertThat(feed.drain()).isCompleted();
        say("put c k 2");

        List<String> lines = pollAll();

        assertError(lines.get(0), "store-failed");
        assertError(lines.get(1), "draining");
    }

    // ---- back-pressure

    @Test
    void noLineIsWantedWhileTooManyAnswersAreOwed() {
        for (int i = 0; i < PIPELINED_REQUESTS; i++) {
            assertThat(session.wantsInput()).isTrue();
            say("put c k 1");
        }
        assertThat(session.wantsInput()).isFalse();

        commits.runAll();
        assertThat(poll()).hasSize(PIPELINED_REQUESTS);

        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void noLineIsWantedWhileTooManyBytesAreOwed() {
        say("put c k \"" + "x".repeat(2000) + "\"");
        assertThat(session.wantsInput()).isFalse();

        commits.runAll();
        assertThat(poll()).containsExactly(accepted(1));

        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void aChangeIsHeldBackWhileTheFeedHasNoRoom() {
        for (int i = 0; i < QUEUED_UPDATES; i++) {
            var unused = feed.publish(Change.put("c", "other", "0"), () -> {});
        }
        say("ping", "put c k 1");
        assertThat(session.wantsInput()).isFalse();
        assertThat(poll()).containsExactly(PONG);

        commits.runAll();
        assertThat(signals).hasValue(1);
        assertThat(poll()).isEmpty();
        assertThat(session.wantsInput()).isTrue();
        commits.runAll();

        assertThat(poll()).containsExactly(accepted(QUEUED_UPDATES + 1));
    }

    @Test
    void aHeldBackChangeIsRefusedByADrainAndTheSessionEnds() {
        for (int i = 0; i < QUEUED_UPDATES; i++) {
            var unused = feed.publish(Change.put("c", "other", "0"), () -> {});
        }
        say("put c k 1");
        var unused = feed.drain();
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        assertThat(poll()).isEmpty();

        commits.runAll();
        List<String> lines = pollAll();

        assertError(lines.get(0), "draining");
        assertThat(lines.get(1)).isEqualTo(goodbye("shutdown", QUEUED_UPDATES, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void onePollGathersNoMoreThanAboutOneWrite() {
        publish(4);
        say("follow after mem1:0");
        int smallest = put(1).length() + 1;

        List<String> lines = poll();

        assertThat(lines.size()).isLessThanOrEqualTo(1 + WRITE_BYTES / smallest + 1);
        assertThat(pollAll()).endsWith(put(4), caughtUp(4));
    }

    @Test
    void aThousandPipelinedRequestsAreAnsweredInOrder() {
        List<String> answers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            while (!session.wantsInput()) {
                commits.runNext();
                answers.addAll(poll());
            }
            say(i % 3 == 0 ? "ping" : "put c k " + i);
            expected.add(i % 3 == 0 ? PONG : accepted(i - i / 3));
        }
        session.inputEnded();
        commits.runAll();
        answers.addAll(pollAll());

        assertThat(answers).isEqualTo(expected);
        assertThat(session.isFinished()).isTrue();
    }
}
