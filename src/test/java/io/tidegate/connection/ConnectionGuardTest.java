package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.Materializer;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How a connection ends, seen from the socket's side and from the session's. A request of {@code toTcp} stands for the
 * kernel that took the last write over; its completion is FIN, its failure is RST.
 */
class ConnectionGuardTest {

    private static final ActorSystem SYSTEM = ActorSystem.create("guard");

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    private final StubChannel socket = new StubChannel();
    private final SocketWriter writer = new SocketWriter(socket);
    private final Materializer materializer = Materializer.createMaterializer(SYSTEM);
    private final TestPublisher.Probe<ByteString> fromTcp;
    private final TestSubscriber.Probe<ByteString> toTcp;
    private final TestSubscriber.Probe<ByteString> toSession;
    private final TestPublisher.Probe<EventLines> fromSession;
    private final ConnectionGuard.Control guard;

    ConnectionGuardTest() {
        var tcp = Flow.fromSinkAndSourceMat(
                TestSink.<ByteString>create(SYSTEM), TestSource.<ByteString>create(SYSTEM), Keep.both());
        var session = Flow.fromSinkAndSourceMat(
                TestSink.<ByteString>create(SYSTEM), TestSource.<EventLines>create(SYSTEM), Keep.both());
        var running = tcp.joinMat(
                        BidiFlow.fromGraph(new ConnectionGuard(1, writer)).join(session, Keep.both()), Keep.both())
                .run(materializer);
        toTcp = running.first().first();
        fromTcp = running.first().second();
        guard = running.second().first();
        toSession = running.second().second().first();
        fromSession = running.second().second().second();
        toTcp.ensureSubscription();
        toSession.ensureSubscription();
    }

    private static ByteString bytes(String text) {
        return ByteString.fromString(text);
    }

    private static EventLines lines(String text) {
        return EventLines.withoutUpdates(bytes(text));
    }

    /** Hands bytes to the kernel, which does not take them over yet. */
    private void write(String text) {
        toTcp.request(1);
        fromSession.sendNext(lines(text));
        toTcp.expectNext(bytes(text));
    }

    /** Returns when the guard has seen all that was done before. */
    private void settle() {
        toSession.request(1);
        fromTcp.sendNext(bytes("x"));
        toSession.expectNext(bytes("x"));
    }

    private Ending ending() throws Exception {
        return guard.ended().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private void assertEnding(Ending.Outcome outcome, CloseReason reason, long sent, long unsent) throws Exception {
        assertThat(ending()).satisfies(ending -> {
            assertThat(ending.outcome()).isEqualTo(outcome);
            assertThat(ending.reason()).isEqualTo(reason);
            assertThat(ending.sent().bytes()).isEqualTo(sent);
            assertThat(ending.sent().bytesUnsent()).isEqualTo(unsent);
        });
    }

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

        toTcp.request(1);
        toTcp.expectComplete();
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

    // ---- stopReading

    @Test
    void afterStopReadingTheSessionsInputEndsAndTheRestIsDiscarded() throws Exception {
        settle();
        guard.stopReading(CloseReason.SHUTDOWN);
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

        guard.stopReading(CloseReason.SHUTDOWN);

        toSession.expectComplete();
        fromTcp.sendNext(bytes("late"));
    }

    @Test
    void stopReadingIsNotStoppedByAFullWrite() throws Exception {
        write("stuck");

        guard.stopReading(CloseReason.SHUTDOWN);
        toSession.expectComplete();
        guard.stopReading(CloseReason.CLOSED);
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
        guard.stopReading(CloseReason.SHUTDOWN);
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
        guard.stopReading(CloseReason.SHUTDOWN);

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
