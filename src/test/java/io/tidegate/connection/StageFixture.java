package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import io.tidegate.Await;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stage between a socket and a dialogue that the test plays. A request of {@code toTcp} stands for the kernel that took
 * the last write over; its completion is FIN, its failure is RST. Who is woken has its turn at once, on the waking thread.
 */
abstract class StageFixture {

    /** One for all classes of tests; it ends with their process. */
    static final ActorSystem SYSTEM = ActorSystem.create("stage");

    static final Goodbye SHUTDOWN = new Goodbye(CloseReason.SHUTDOWN, Duration.ofMillis(250));

    final StubChannel socket = new StubChannel();
    /** What the kernel has not sent yet. */
    final AtomicLong notSent = new AtomicLong();

    final Outbound outbound =
            new Outbound(new PlainChannel(socket, socket::finish, () -> 0, notSent::get), System::nanoTime);
    final ScriptedDialogue dialogue = new ScriptedDialogue();
    final Materializer materializer = Materializer.createMaterializer(SYSTEM);
    final TestPublisher.Probe<ByteString> fromTcp;
    final TestSubscriber.Probe<ByteString> toTcp;
    final ConnectionControl stage;
    private long received;

    StageFixture() {
        var tcp = Flow.fromSinkAndSourceMat(
                TestSink.<ByteString>create(SYSTEM), TestSource.<ByteString>create(SYSTEM), Keep.both());
        var running = tcp.joinMat(
                        Flow.fromGraph(new DialogueStage(1, Peer.PROGRAM, outbound, Runnable::run, dialogue)),
                        Keep.both())
                .run(materializer);
        toTcp = running.first().first();
        fromTcp = running.first().second();
        stage = running.second();
        toTcp.ensureSubscription();
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
        dialogue.say(text);
        toTcp.expectNext(bytes(text));
    }

    /** The client sends something. */
    void receive(String text) {
        received += text.length();
        fromTcp.sendNext(bytes(text));
    }

    /** Returns when the stage has seen all that was done before. */
    void settle() {
        receive("x");
        Await.until(() -> stage.received() == received);
    }

    /** Does something while the next bytes have been asked for, so that they come whether they are wanted then or not. */
    void whileReading(Runnable action) throws InterruptedException {
        receive("read");
        dialogue.expectTaken("read");
        // What has it taken asks for the next with the lock held.
        synchronized (outbound) {
            action.run();
        }
    }

    Ending ending() throws Exception {
        return stage.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
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
