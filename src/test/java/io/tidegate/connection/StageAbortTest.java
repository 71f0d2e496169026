package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import org.junit.jupiter.api.Test;

/** Aborts in every state of a connection, and what breaks by itself. */
class StageAbortTest extends StageFixture {

    // ---- abort, in every state

    private void assertAborted(CloseReason reason, long sent, long unsent) throws Exception {
        assertEnding(Ending.Outcome.ABORTED, reason, sent, unsent);
    }

    @Test
    void abortOfAnIdleConnection() throws Exception {
        stage.abort(CloseReason.ABORTED);

        toTcp.expectError();
        fromTcp.expectCancellation();
        assertAborted(CloseReason.ABORTED, 0, 0);
    }

    @Test
    void abortInTheMiddleOfAWrite() throws Exception {
        write("taken");
        write("stuck in the kernel");

        stage.abort(CloseReason.STALLED);

        toTcp.expectError();
        fromTcp.expectCancellation();
        dialogue.expectClosed();
        assertAborted(CloseReason.STALLED, 5, 19);
    }

    @Test
    void abortWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        dialogue.finish();
        settle();

        stage.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterFinWhileTheClientDoesNotClose() throws Exception {
        write("all");
        toTcp.request(1);
        dialogue.finish();
        toTcp.expectComplete();

        stage.abort(CloseReason.LINGERED);

        assertThat(fromTcp.expectCancellationWithCause(RuntimeException.class))
                .as("a failure, or TCP would not reset")
                .isNotNull();
        assertAborted(CloseReason.LINGERED, 3, 0);
    }

    @Test
    void abortAfterTheClientsFinInTheMiddleOfAWrite() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        dialogue.expectInputEnd();

        stage.abort(CloseReason.STALLED);

        toTcp.expectError();
        assertAborted(CloseReason.STALLED, 0, 5);
    }

    @Test
    void abortAfterTheClientsFinWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        dialogue.expectInputEnd();
        dialogue.finish();

        stage.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterCloseWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        stage.close(CloseReason.CLOSED);
        dialogue.expectClosed();

        stage.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterTheEndChangesNothing() throws Exception {
        dialogue.finish();
        fromTcp.sendComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);

        stage.abort(CloseReason.ABORTED);
        stage.close(CloseReason.CLOSED);
        stage.shutdown(SHUTDOWN);

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
    }

    @Test
    void theFirstAbortStands() throws Exception {
        stage.abort(CloseReason.STALLED);
        stage.abort(CloseReason.DEADLINE);

        assertAborted(CloseReason.STALLED, 0, 0);
    }

    // ---- what goes wrong by itself

    @Test
    void aDialogueThatFailsAborts() throws Exception {
        write("taken");
        dialogue.failToTake();
        receive("request");

        toTcp.expectError();
        fromTcp.expectCancellation();
        assertAborted(CloseReason.INTERNAL_ERROR, 0, 5);
    }

    @Test
    void aDialogueThatFailsToSpeakOnTheStageAborts() throws Exception {
        write("taken");
        dialogue.failToSay();
        toTcp.request(1);

        toTcp.expectError();
        fromTcp.expectCancellation();
        dialogue.expectClosed();
        assertThat(dialogue.failedOn())
                .hasSize(1)
                .doesNotContain(Thread.currentThread().getName());
        assertAborted(CloseReason.INTERNAL_ERROR, 5, 0);
    }

    @Test
    void aDialogueThatFailsToSpeakWhereTurnsAreGivenAborts() throws Exception {
        write("taken");
        toTcp.request(1);
        settle();
        dialogue.failToSay();
        dialogue.signal();

        toTcp.expectError();
        fromTcp.expectCancellation();
        dialogue.expectClosed();
        assertThat(dialogue.failedOn()).containsExactly(Thread.currentThread().getName());
        assertAborted(CloseReason.INTERNAL_ERROR, 5, 0);
    }

    /** Others may wait for their turns behind it. */
    @Test
    void aDialogueThatFailsWhenAskedWhereTurnsAreGivenAborts() throws Exception {
        whileReading(() -> dialogue.wantInput(false));
        settle();
        dialogue.failToWant();
        dialogue.signal();

        toTcp.expectError();
        fromTcp.expectCancellation();
        assertAborted(CloseReason.INTERNAL_ERROR, 0, 0);
    }

    @Test
    void aDialogueThatHasFailedIsNotPolledAgain() throws Exception {
        dialogue.failToSay();
        toTcp.request(1);
        assertAborted(CloseReason.INTERNAL_ERROR, 0, 0);

        dialogue.signal();

        assertThat(dialogue.failedOn()).hasSize(1);
    }

    @Test
    void aDialogueThatFailsAtItsEndHoldsNobodyUp() throws Exception {
        dialogue.failToClose();
        dialogue.finish();
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
    }

    @Test
    void aDialogueThatFailsAtItsEndDoesNotHideAnAbort() throws Exception {
        dialogue.failToClose();
        stage.abort(CloseReason.STALLED);

        assertAborted(CloseReason.STALLED, 0, 0);
    }

    @Test
    void aClientThatResetsIsCountedAsSuch() throws Exception {
        write("stuck");
        fromTcp.sendError(new RuntimeException("connection reset by peer"));

        dialogue.expectClosed();
        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void aClientThatResetsAfterItsFinIsCountedAsSuch() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        dialogue.expectInputEnd();
        toTcp.cancel(new RuntimeException("broken pipe"));

        dialogue.expectClosed();
        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void aClientThatHadEverythingWhenItClosedHasLeft() throws Exception {
        socket.takes(4);
        toTcp.request(1);
        dialogue.say("all\n");
        settle();
        fromTcp.sendComplete();
        dialogue.expectInputEnd();
        socket.fails();
        dialogue.say("heartbeat\n");
        toTcp.expectNext(bytes("heartbeat\n"));
        toTcp.cancel(new RuntimeException("broken pipe"));

        dialogue.expectClosed();
        assertEnding(Ending.Outcome.LEFT, CloseReason.PEER_CLOSED, 4, 10);
    }

    @Test
    void aClientThatResetsAfterOurFinIsCountedAsSuch() throws Exception {
        write("all");
        toTcp.request(1);
        dialogue.finish();
        toTcp.expectComplete();
        fromTcp.sendError(new RuntimeException("connection reset by peer"));

        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 3, 0);
    }

    @Test
    void aMaterializerThatStopsEndsTheConnectionToo() throws Exception {
        write("stuck");

        materializer.shutdown();

        assertThat(ending().outcome()).isNotEqualTo(Ending.Outcome.COMPLETED);
        assertThat(ending().sent().bytesUnsent()).isEqualTo(5);
    }
}
