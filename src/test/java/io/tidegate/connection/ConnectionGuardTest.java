package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import org.junit.jupiter.api.Test;

/** How a connection ends in order, seen from the socket's side and from the session's. */
class ConnectionGuardTest extends GuardFixture {

    // ---- completed

    @Test
    void bytesPassBothWays() {
        toSession.request(2);
        fromTcp.sendNext(bytes("ping\n")).sendNext(bytes("quit\n"));
        toTcp.request(2);
        fromSession.sendNext(lines("pong\n")).sendNext(lines("goodbye\n"));

        toSession.expectNext(bytes("ping\n"), bytes("quit\n"));
        toTcp.expectNext(bytes("pong\n"), bytes("goodbye\n"));
    }

    @Test
    void finComesOnlyAfterTheLastWriteWasTakenOver() throws Exception {
        write("goodbye\n");
        fromSession.sendComplete();
        settle();
        assertThat(guard.finishedAt()).isZero();
        assertThat(guard.writingSince()).isNotZero();
        assertThat(socket.isFinished()).isFalse();

        toTcp.request(1);
        toTcp.expectComplete();
        assertThat(socket.isFinished()).isTrue();
        assertThat(guard.finishedAt()).isNotZero();
        assertThat(guard.writingSince()).isZero();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 8, 0);
    }

    @Test
    void aConnectionThatNeverSaidAnythingEndsWithFinAtOnce() throws Exception {
        fromSession.sendComplete();
        toTcp.ensureSubscription();
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
    }

    @Test
    void afterFinTheInputIsReadAndDiscardedUpToTheClientsFin() throws Exception {
        toSession.cancel();
        fromSession.sendComplete();
        toTcp.expectComplete();
        for (int i = 0; i < 100; i++) {
            fromTcp.sendNext(bytes("more"));
        }
        assertThat(guard.ended().toCompletableFuture()).isNotDone();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
        assertThat(ending().bytesReceived()).isEqualTo(400);
    }

    @Test
    void aClientThatClosedItsSideStillGetsWhatItAskedFor() throws Exception {
        fromTcp.sendNext(bytes("sync\n")).sendComplete();
        toSession.request(1).expectNext(bytes("sync\n"));
        toSession.expectComplete();

        write("document");
        write("synced");
        toTcp.request(1);
        fromSession.sendComplete();

        toTcp.expectComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.PEER_CLOSED, 14, 0);
        assertThat(ending().bytesReceived()).isEqualTo(5);
    }

    @Test
    void aClientThatHasEverythingNeedNotCloseItsSide() throws Exception {
        write("goodbye\n");
        fromSession.sendComplete();
        toTcp.request(1);
        toTcp.expectComplete();

        guard.letGo();

        fromTcp.expectCancellation();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 8, 0);
    }

    @Test
    void nobodyIsLetGoBeforeTheFin() throws Exception {
        write("goodbye\n");

        guard.letGo();
        settle();

        assertThat(guard.ended().toCompletableFuture()).isNotDone();
    }

    // ---- stopReading

    @Test
    void afterStopReadingTheSessionsInputEndsAndTheRestIsDiscarded() throws Exception {
        settle();
        guard.expectEnd(CloseReason.SHUTDOWN);
        guard.stopReading();
        toSession.expectComplete();
        for (int i = 0; i < 100; i++) {
            fromTcp.sendNext(bytes("late"));
        }
        write("goodbye");
        fromSession.sendComplete();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 7, 0);
        assertThat(ending().bytesReceived()).isEqualTo(401);
    }

    @Test
    void stopReadingWhileTheSessionWaitsForInputEndsItsInputToo() {
        toSession.request(1);

        guard.expectEnd(CloseReason.SHUTDOWN);
        guard.stopReading();

        toSession.expectComplete();
        fromTcp.sendNext(bytes("late"));
    }

    @Test
    void stopReadingIsNotStoppedByAFullWrite() throws Exception {
        write("stuck");

        guard.expectEnd(CloseReason.SHUTDOWN);
        guard.stopReading();
        toSession.expectComplete();
        guard.expectEnd(CloseReason.CLOSED);
        guard.stopReading();
        fromSession.sendComplete();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.SHUTDOWN, 5, 0);
    }

    // ---- close

    @Test
    void closeDropsWhatWasNotHandedToTcp() throws Exception {
        write("handed");
        fromSession.sendNext(lines("not handed"));

        guard.close(CloseReason.CLOSED);
        fromSession.expectCancellation();
        toSession.expectComplete();
        assertThat(guard.finishedAt()).isZero();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendNext(bytes("ignored")).sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 6, 0);
    }

    @Test
    void closeOfAnIdleConnectionIsFinAtOnce() throws Exception {
        guard.close(CloseReason.CLOSED);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 0, 0);
    }

    @Test
    void closeCutsAShutdownShort() throws Exception {
        write("handed");
        guard.expectEnd(CloseReason.SHUTDOWN);
        guard.stopReading();
        toSession.expectComplete();

        guard.close(CloseReason.CLOSED);
        guard.close(CloseReason.CLOSED);
        fromSession.expectCancellation();
        toTcp.request(1);
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 6, 0);
    }

    @Test
    void closeAfterTheClientsFinEndsTheConnection() throws Exception {
        fromTcp.sendComplete();
        toSession.expectComplete();

        guard.close(CloseReason.CLOSED);

        toTcp.expectComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.CLOSED, 0, 0);
    }

    // ---- the socket takes bytes directly

    @Test
    void whatTheSocketTakesDoesNotGoThroughTcp() throws Exception {
        socket.takes(1000);
        toTcp.request(1);

        fromSession.sendNext(lines("pong\n")).sendNext(lines("goodbye\n")).sendComplete();
        toTcp.expectComplete();
        fromTcp.sendComplete();

        assertThat(socket.taken()).isEqualTo("pong\ngoodbye\n");
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 13, 0);
    }

    @Test
    void whatTheSocketDoesNotTakeGoesThroughTcpAndNothingOvertakesIt() throws Exception {
        socket.takes(3);
        toTcp.request(1);
        fromSession.sendNext(lines("pong\n"));
        toTcp.expectNext(bytes("g\n"));
        socket.takes(1000);
        fromSession.sendNext(lines("goodbye\n")).sendComplete();
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

        fromSession.sendNext(lines("pong\n"));
        toTcp.expectNext(bytes("pong\n"));
        fromTcp.sendError(new RuntimeException("connection reset by peer"));

        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void nothingIsWrittenToTheSocketAfterAnAbort() throws Exception {
        socket.takes(1000);
        toTcp.request(1);
        guard.abort(CloseReason.ABORTED);
        toTcp.expectError();

        assertEnding(Ending.Outcome.ABORTED, CloseReason.ABORTED, 0, 0);
        assertThat(writer.write(lines("late\n"))).isFalse();
        assertThat(socket.taken()).isEmpty();
    }

    // ---- what the outside may know

    @Test
    void aWriteIsTimedUntilItIsTakenOver() {
        assertThat(guard.writingSince()).isZero();

        write("stuck");
        settle();
        assertThat(guard.writingSince()).isNotZero();
        toTcp.request(1);
        settle();

        assertThat(guard.writingSince()).isZero();
    }
}
