package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One dialogue gives way to another on the same connection, as HTTP does to a session. */
class HandoverTest extends StageFixture {

    private final ScriptedDialogue second = new ScriptedDialogue();

    @Test
    void theFirstIsClosedAndTheSecondSpeaksBehindIt() throws Exception {
        toTcp.request(2);
        dialogue.say("switching\n");
        toTcp.expectNext(bytes("switching\n"));
        dialogue.giveWayTo(second);
        dialogue.expectClosed();
        second.expectOpened();

        second.say("hello\n");
        toTcp.expectNext(bytes("hello\n"));
        second.finish();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        second.expectClosed();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 16, 0);
    }

    @Test
    void bytesThatWereNotReadGoToTheSecond() throws Exception {
        whileReading(() -> dialogue.wantInput(false));
        receive("rest");
        Await.until(() -> stage.received() == "readrest".length());
        dialogue.giveWayTo(second);

        second.expectTaken("rest");
        receive("next");
        second.expectTaken("next");
        assertThat(dialogue.takenSoFar()).isEmpty();
    }

    @Test
    void whatComesWhileTheRestIsNotTakenYetStaysBehindIt() throws Exception {
        second.wantInput(false);
        whileReading(() -> {
            dialogue.leave("rest");
            dialogue.giveWayTo(second);
        });
        second.expectOpened();
        settle();

        second.wantInput(true);

        second.expectTaken("rest", "x");
    }

    // ---- shutdown

    @Test
    void aShutdownBeforeTheHandoverReachesTheSecond() throws Exception {
        stage.shutdown(SHUTDOWN);
        dialogue.expectGoodbye(SHUTDOWN);
        dialogue.giveWayTo(second);

        second.expectGoodbye(SHUTDOWN);
        second.expectInputEnd();
    }

    @Test
    void aShutdownDuringTheHandoverReachesTheSecond() throws Exception {
        second.whenOpened(() -> stage.shutdown(SHUTDOWN));
        dialogue.giveWayTo(second);

        second.expectGoodbye(SHUTDOWN);
        second.expectInputEnd();
    }

    @Test
    void aShutdownAfterTheHandoverReachesOnlyTheSecond() throws Exception {
        dialogue.giveWayTo(second);
        second.expectOpened();
        stage.shutdown(SHUTDOWN);

        second.expectGoodbye(SHUTDOWN);
        second.expectInputEnd();
        second.finish();
        toTcp.expectComplete();
        fromTcp.sendComplete();
        assertThat(dialogue.goodbyes()).isEmpty();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 0, 0);
    }

    @Test
    void ofTwoShutdownsTheSecondIsToldTheFirst() throws Exception {
        stage.shutdown(SHUTDOWN);
        stage.shutdown(new Goodbye(CloseReason.CLOSED, Duration.ZERO));
        dialogue.giveWayTo(second);

        second.expectGoodbye(SHUTDOWN);
    }

    // ---- the client's FIN

    @Test
    void theClientsFinEndsTheInputOfBoth() throws Exception {
        fromTcp.sendComplete();
        dialogue.expectInputEnd();
        dialogue.giveWayTo(second);

        second.expectInputEnd();
        second.finish();
        toTcp.expectComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.PEER_CLOSED, 0, 0);
    }

    @Test
    void theClientsFinComesBehindWhatTheSecondHasStillToRead() throws Exception {
        second.wantInput(false);
        whileReading(() -> dialogue.wantInput(false));
        receive("rest");
        fromTcp.sendComplete();
        Await.until(stage::hasPeerEnded);
        dialogue.giveWayTo(second);
        second.expectOpened();

        second.wantInput(true);

        second.expectTaken("rest");
        second.expectInputEnd();
    }

    // ---- a full socket

    @Test
    void theSecondIsToldThatTheKernelTakesNoMoreAndSpeaksWhenItDoes() throws Exception {
        write("stuck");
        dialogue.expectBlocked(true);
        dialogue.giveWayTo(second);
        second.expectBlocked(true);
        second.say("hello\n");
        settle();
        second.expectTaken("x");

        toTcp.request(1);
        second.expectBlocked(false);
        toTcp.expectNext(bytes("hello\n"));
        second.expectBlocked(true);
    }

    @Test
    void closeEndsTheSecondOnly() throws Exception {
        dialogue.giveWayTo(second);
        second.expectOpened();

        stage.close(CloseReason.CLOSED);

        second.expectClosed();
        toTcp.expectComplete();
        fromTcp.sendComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 0, 0);
    }
}
