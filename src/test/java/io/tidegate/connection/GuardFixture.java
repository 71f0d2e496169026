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
import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import java.util.concurrent.TimeUnit;

/**
 * A guard between a socket and a session that the test plays. A request of {@code toTcp} stands for the kernel that took
 * the last write over; its completion is FIN, its failure is RST.
 */
abstract class GuardFixture {

    /** One for all classes of tests; it ends with their process. */
    static final ActorSystem SYSTEM = ActorSystem.create("guard");

    final StubChannel socket = new StubChannel();
    final SocketWriter writer = new SocketWriter(socket, socket::finish, () -> 0);
    final Materializer materializer = Materializer.createMaterializer(SYSTEM);
    final TestPublisher.Probe<ByteString> fromTcp;
    final TestSubscriber.Probe<ByteString> toTcp;
    final TestSubscriber.Probe<ByteString> toSession;
    final TestPublisher.Probe<EventLines> fromSession;
    final ConnectionGuard.Control guard;

    GuardFixture() {
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

    static ByteString bytes(String text) {
        return ByteString.fromString(text);
    }

    static EventLines lines(String text) {
        return EventLines.withoutUpdates(bytes(text));
    }

    /** Hands bytes to the kernel, which does not take them over yet. */
    void write(String text) {
        toTcp.request(1);
        fromSession.sendNext(lines(text));
        toTcp.expectNext(bytes(text));
    }

    /** Returns when the guard has seen all that was done before. */
    void settle() {
        toSession.request(1);
        fromTcp.sendNext(bytes("x"));
        toSession.expectNext(bytes("x"));
    }

    Ending ending() throws Exception {
        return guard.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    void assertEnding(Ending.Outcome outcome, CloseReason reason, long sent, long unsent) throws Exception {
        assertThat(ending()).satisfies(ending -> {
            assertThat(ending.outcome()).isEqualTo(outcome);
            assertThat(ending.reason()).isEqualTo(reason);
            assertThat(ending.sent().bytes()).isEqualTo(sent);
            assertThat(ending.sent().bytesUnsent()).isEqualTo(unsent);
        });
    }
}
