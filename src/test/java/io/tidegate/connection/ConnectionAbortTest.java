package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import org.junit.jupiter.api.Test;

/** Aborts in every state of a connection, and what breaks by itself. */
class ConnectionAbortTest extends GuardFixture {

    // ---- abort, in every state

    private void assertAborted(CloseReason reason, long sent, long unsent) throws Exception {
        assertEnding(Ending.Outcome.ABORTED, reason, sent, unsent);
    }

    @Test
    void abortOfAnIdleConnection() throws Exception {
        guard.abort(CloseReason.ABORTED);

        toTcp.expectError();
        fromTcp.expectCancellation();
        assertAborted(CloseReason.ABORTED, 0, 0);
    }

    @Test
    void abortInTheMiddleOfAWrite() throws Exception {
        write("taken");
        write("stuck in the kernel");

        guard.abort(CloseReason.STALLED);

        toTcp.expectError();
        fromTcp.expectCancellation();
        fromSession.expectCancellation();
        assertAborted(CloseReason.STALLED, 5, 19);
    }

    @Test
    void abortWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        fromSession.sendComplete();
        settle();

        guard.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterFinWhileTheClientDoesNotClose() throws Exception {
        write("all");
        toTcp.request(1);
        fromSession.sendComplete();
        toTcp.expectComplete();

        guard.abort(CloseReason.LINGERED);

        assertThat(fromTcp.expectCancellationWithCause(RuntimeException.class))
                .as("a failure, or TCP would not reset")
                .isNotNull();
        assertAborted(CloseReason.LINGERED, 3, 0);
    }

    @Test
    void abortAfterTheClientsFinInTheMiddleOfAWrite() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        toSession.expectComplete();

        guard.abort(CloseReason.STALLED);

        toTcp.expectError();
        assertAborted(CloseReason.STALLED, 0, 5);
    }

    @Test
    void abortAfterTheClientsFinWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        toSession.expectComplete();
        fromSession.sendComplete();

        guard.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterCloseWhileTheLastWriteIsStuck() throws Exception {
        write("stuck");
        guard.close(CloseReason.CLOSED);
        toSession.expectComplete();

        guard.abort(CloseReason.DEADLINE);

        toTcp.expectError();
        assertAborted(CloseReason.DEADLINE, 0, 5);
    }

    @Test
    void abortAfterTheEndChangesNothing() throws Exception {
        fromSession.sendComplete();
        fromTcp.sendComplete();
        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);

        guard.abort(CloseReason.ABORTED);
        guard.close(CloseReason.CLOSED);
        guard.expectEnd(CloseReason.SHUTDOWN);
        guard.stopReading();

        assertEnding(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, 0);
    }

    @Test
    void theFirstAbortStands() throws Exception {
        guard.abort(CloseReason.STALLED);
        guard.abort(CloseReason.DEADLINE);

        assertAborted(CloseReason.STALLED, 0, 0);
    }

    // ---- what goes wrong by itself

    @Test
    void aSessionThatFailsAborts() throws Exception {
        write("taken");
        fromSession.sendError(new IllegalStateException("bug, told by a test"));

        toTcp.expectError();
        fromTcp.expectCancellation();
        assertAborted(CloseReason.INTERNAL_ERROR, 0, 5);
    }

    @Test
    void aClientThatResetsIsCountedAsSuch() throws Exception {
        write("stuck");
        fromTcp.sendError(new RuntimeException("connection reset by peer"));

        fromSession.expectCancellation();
        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void aClientThatResetsAfterItsFinIsCountedAsSuch() throws Exception {
        write("stuck");
        fromTcp.sendComplete();
        toSession.expectComplete();
        toTcp.cancel(new RuntimeException("broken pipe"));

        fromSession.expectCancellation();
        assertEnding(Ending.Outcome.RESET_BY_PEER, CloseReason.PEER_RESET, 0, 5);
    }

    @Test
    void aClientThatHadEverythingWhenItClosedHasLeft() throws Exception {
        socket.takes(4);
        toTcp.request(1);
        fromSession.sendNext(lines("all\n"));
        settle();
        fromTcp.sendComplete();
        toSession.expectComplete();
        socket.fails();
        fromSession.sendNext(lines("heartbeat\n"));
        toTcp.expectNext(bytes("heartbeat\n"));
        toTcp.cancel(new RuntimeException("broken pipe"));

        fromSession.expectCancellation();
        assertEnding(Ending.Outcome.LEFT, CloseReason.PEER_CLOSED, 4, 10);
    }

    @Test
    void aClientThatResetsAfterOurFinIsCountedAsSuch() throws Exception {
        write("all");
        toTcp.request(1);
        fromSession.sendComplete();
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
