package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How a connection ends in order, seen from the socket's side and from the dialogue's. */
class DialogueStageTest extends StageFixture {

    private final List<Boolean> polledAfter = new CopyOnWriteArrayList<>();

    // ---- completed

    @Test
    void bytesPassBothWays() throws Exception {
        receive("ping\n");
        receive("quit\n");
        toTcp.request(2);
        dialogue.say("pong\n");
        dialogue.say("goodbye\n");

        dialogue.expectTaken("ping\n", "quit\n");
        toTcp.expectNext(bytes("pong\n"), bytes("goodbye\n"));
    }

    @Test
    void finComesOnlyAfterTheLastWriteWasTakenOver() throws Exception {
        write("goodbye\n");
        dialogue.finish();
        settle();
        assertThat(outbound.finishedSince()).isZero();
        assertThat(outbound.blockedSince()).isNotZero();
        assertThat(socket.isFinished()).isFalse();

        toTcp.request(1);
        toTcp.expectComplete();
        assertThat(socket.isFinished()).isTrue();
        assertThat(outbound.finishedSince()).isNotZero();
        assertThat(outbound.blockedSince()).isZero();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 8, 0);
    }

    @Test
    void aConnectionThatNeverSaidAnythingEndsWithFinAtOnce() throws Exception {
        dialogue.finish();
        toTcp.ensureSubscription();
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
    }

    @Test
    void afterFinTheInputIsReadAndDiscardedUpToTheClientsFin() throws Exception {
        dialogue.stopListening();
        dialogue.finish();
        toTcp.expectComplete();
        for (int i = 0; i < 100; i++) {
            receive("more");
        }
        assertThat(stage.ended().toCompletableFuture()).isNotDone();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
        assertThat(ending().bytesReceived()).isEqualTo(400);
    }

    @Test
    void aClientThatClosedItsSideStillGetsWhatItAskedFor() throws Exception {
        receive("sync\n");
        fromTcp.sendComplete();
        dialogue.expectTaken("sync\n");
        dialogue.expectInputEnd();

        write("document");
        write("synced");
        toTcp.request(1);
        dialogue.finish();

        toTcp.expectComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.PEER_CLOSED, 14, 0);
        assertThat(ending().bytesReceived()).isEqualTo(5);
    }

    @Test
    void aClientThatHasEverythingNeedNotCloseItsSide() throws Exception {
        write("goodbye\n");
        dialogue.finish();
        toTcp.request(1);
        toTcp.expectComplete();

        stage.letGo();

        fromTcp.expectCancellation();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 8, 0);
    }

    @Test
    void nobodyIsLetGoBeforeTheFin() throws Exception {
        write("goodbye\n");

        stage.letGo();
        settle();

        assertThat(stage.ended().toCompletableFuture()).isNotDone();
    }

    // ---- shutdown

    @Test
    void afterAShutdownTheDialoguesInputEndsAndTheRestIsDiscarded() throws Exception {
        settle();
        stage.shutdown(SHUTDOWN);
        dialogue.expectInputEnd();
        for (int i = 0; i < 100; i++) {
            receive("late");
        }
        write("goodbye");
        dialogue.finish();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 7, 0);
        assertThat(ending().bytesReceived()).isEqualTo(401);
    }

    @Test
    void aShutdownWhileTheDialogueWaitsForInputEndsItsInputToo() throws Exception {
        stage.shutdown(SHUTDOWN);

        dialogue.expectInputEnd();
        receive("late");
    }

    @Test
    void aShutdownIsNotStoppedByAFullWrite() throws Exception {
        write("stuck");

        stage.shutdown(SHUTDOWN);
        dialogue.expectInputEnd();
        stage.shutdown(new Goodbye(CloseReason.CLOSED, Duration.ZERO));
        dialogue.finish();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 5, 0);
    }

    @Test
    void aShutdownIsNotStoppedByAFullWriteWhenMoreIsToBeSaid() throws Exception {
        write("stuck");
        // That has it woken, but not polled.
        dialogue.say("more");

        stage.shutdown(SHUTDOWN);

        dialogue.expectInputEnd();
    }

    // ---- close

    @Test
    void closeDropsWhatWasNotHandedToTcp() throws Exception {
        write("handed");
        dialogue.say("not handed");

        stage.close(CloseReason.CLOSED);
        dialogue.expectClosed();
        assertThat(outbound.finishedSince()).isZero();
        toTcp.request(1);
        toTcp.expectComplete();
        receive("ignored");
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 6, 0);
    }

    @Test
    void closeOfAnIdleConnectionIsFinAtOnce() throws Exception {
        stage.close(CloseReason.CLOSED);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 0, 0);
    }

    @Test
    void closeCutsAShutdownShort() throws Exception {
        write("handed");
        stage.shutdown(SHUTDOWN);
        dialogue.expectInputEnd();

        stage.close(CloseReason.CLOSED);
        stage.close(CloseReason.CLOSED);
        dialogue.expectClosed();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 6, 0);
    }

    @Test
    void closeAfterTheClientsFinEndsTheConnection() throws Exception {
        fromTcp.sendComplete();
        dialogue.expectInputEnd();

        stage.close(CloseReason.CLOSED);

        toTcp.expectComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 0, 0);
    }

    // ---- the socket takes bytes directly

    @Test
    void whatTheSocketTakesDoesNotGoThroughTcp() throws Exception {
        socket.takes(1000);
        toTcp.request(1);

        dialogue.say("pong\n");
        dialogue.say("goodbye\n");
        dialogue.finish();
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertThat(socket.taken()).isEqualTo("pong\ngoodbye\n");
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 13, 0);
    }

    @Test
    void whatTheSocketDoesNotTakeGoesThroughTcpAndNothingOvertakesIt() throws Exception {
        socket.takes(3);
        toTcp.request(1);
        dialogue.say("pong\n");
        toTcp.expectNext(bytes("g\n"));
        assertThat(socket.writes()).as("calls for a socket that is full").isEqualTo(1);
        socket.takes(1000);
        dialogue.say("goodbye\n");
        dialogue.finish();
        settle();
        assertThat(socket.taken()).isEqualTo("pon");

        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertThat(socket.taken()).isEqualTo("pongoodbye\n");
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 13, 0);
    }

    @Test
    void aSocketThatFailsIsLeftToTcpToFindOut() throws Exception {
        socket.fails();
        toTcp.request(1);

        dialogue.say("pong\n");
        toTcp.expectNext(bytes("pong\n"));
        fromTcp.sendError(new RuntimeException("connection reset by peer"));

        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void nothingIsWrittenToTheSocketAfterAnAbort() throws Exception {
        socket.takes(1000);
        toTcp.request(1);
        stage.abort(CloseReason.ABORTED);
        toTcp.expectError();

        assertEnding(Ending.Outcome.ABORTED, CloseReason.ABORTED, 0, 0);
        assertThat(outbound.write(lines("late\n"))).isFalse();
        assertThat(socket.taken()).isEmpty();
    }

    @Test
    void theDialogueIsToldBeforeItIsPolledThatTheKernelTakesMore() throws Exception {
        write("stuck");
        dialogue.expectBlocked(true);
        dialogue.say("more");
        dialogue.whenPolled(() -> polledAfter.addAll(dialogue.blocked()));

        toTcp.request(1);
        toTcp.expectNext(bytes("more"));

        assertThat(polledAfter).first().isEqualTo(false);
    }

    @Test
    void aLongSpeechGoesOutInSeveralTurns() throws Exception {
        socket.takes(1000);
        for (int i = 0; i < 100; i++) {
            dialogue.say("word\n");
        }
        dialogue.finish();
        toTcp.request(1);

        toTcp.expectComplete();
        assertThat(socket.writes()).isEqualTo(100);
        assertThat(socket.taken()).isEqualTo("word\n".repeat(100));
    }

    // ---- what the outside may know

    @Test
    void aWriteIsTimedUntilItIsTakenOver() {
        assertThat(outbound.blockedSince()).isZero();

        write("stuck");
        settle();
        assertThat(outbound.blockedSince()).isNotZero();
        toTcp.request(1);
        settle();

        assertThat(outbound.blockedSince()).isZero();
    }

    @Test
    void whoSaysTheNewestIsNotAskedWhileMuchWaitsInTheKernel() {
        socket.takes(1 << 20);
        notSent.set(5000);
        dialogue.sayTheNewest();
        toTcp.request(1);
        dialogue.say("x".repeat(5000));
        Await.until(() -> socket.taken().length() == 5000);

        dialogue.say("old\n");
        settle();
        assertThat(socket.taken()).hasSize(5000);

        notSent.set(500);
        Await.until(() -> socket.taken().endsWith("old\n"));
    }
}
