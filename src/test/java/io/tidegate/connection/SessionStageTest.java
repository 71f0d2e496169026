package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import io.tidegate.Await;
import io.tidegate.access.Access;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How the stage of a session reads. The kernel takes nothing here, so that all that the session says comes out of the stage. */
class SessionStageTest extends SessionFixture {

    /** Many more than are taken before they are answered. */
    private static final int AT_ONCE = 1000;

    private static ActorSystem system;

    /** How many publications had been taken when bytes were asked for. */
    private final List<Long> takenWhenAsked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        system = ActorSystem.create("session-stage");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    private TestSubscriber.Probe<ByteString> run(String... chunks) {
        var outbound = new Outbound(new PlainChannel(new StubChannel(), () -> {}, () -> 0, () -> 0), System::nanoTime);
        var stage = new DialogueStage(
                1,
                Peer.PROGRAM,
                outbound,
                new Carriers(Runnable::run, 1),
                new LineProtocol(feed, SETTINGS, Access.OPEN, System::nanoTime));
        return Source.from(List.of(chunks))
                .map(chunk -> {
                    takenWhenAsked.add(taken());
                    return ByteString.fromString(chunk);
                })
                .via(stage)
                .runWith(TestSink.create(system), system)
                .request(100);
    }

    /** Not while one of them is on its way from the queue to the head. */
    private long taken() {
        synchronized (commits) {
            return feed.head().seq() + feed.status().queuedUpdates();
        }
    }

    private boolean commitUpTo(long seq) {
        synchronized (commits) {
            boolean unused = commits.runNext();
            return feed.head().seq() == seq;
        }
    }

    private static List<String> next(TestSubscriber.Probe<ByteString> out, int count) {
        StringBuilder text = new StringBuilder();
        while (text.chars().filter(each -> each == '\n').count() < count) {
            text.append(out.expectNext().utf8String());
        }
        return text.toString().lines().toList();
    }

    @Test
    void noMoreIsAskedForWhileThereAreLinesThatTheSessionDoesNotWantYet() {
        int puts = 2 * PIPELINED_REQUESTS + 1;
        var out = run("put c k 1\n".repeat(puts), "ping\n");

        Await.until(() -> commitUpTo(puts));

        assertThat(next(out, puts + 1)).startsWith(accepted(1)).endsWith(accepted(puts), PONG);
        assertThat(takenWhenAsked).containsExactly(0L, (long) puts);
        out.expectComplete();
    }

    @Test
    void linesThatAreLeftAreReadBeforeTheEndOfTheInput() throws InterruptedException {
        var out = run("sync\nping\nhel");

        // The snapshot is opened, and then read.
        reads.awaitNext();
        reads.awaitNext();

        List<String> lines = next(out, 3);
        assertThat(lines).startsWith(synced(0, 0), PONG).hasSize(3);
        assertError(lines.get(2), "incomplete-line");
        out.expectComplete();
    }

    /** A kernel that takes everything, and tells of each write. */
    private record Kernel(ByteArrayOutputStream taken, Runnable whenWritten) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            for (int i = 0; i < count; i++) {
                taken.write(bytes.get());
            }
            whenWritten.run();
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** How many of a thousand requests that come at once are answered. */
    private int answered(Consumer<ConnectionControl> atTheFirstAnswer) {
        var control = new AtomicReference<ConnectionControl>();
        var first = new AtomicBoolean(true);
        var taken = new ByteArrayOutputStream();
        var kernel = new Kernel(taken, () -> {
            ConnectionControl running = control.get();
            if (running != null && first.getAndSet(false)) {
                atTheFirstAnswer.accept(running);
            }
        });
        var outbound = new Outbound(new PlainChannel(kernel, () -> {}, () -> 0, () -> 0), System::nanoTime);
        var stage = new DialogueStage(
                1,
                Peer.PROGRAM,
                outbound,
                new Carriers(Runnable::run, 1),
                new LineProtocol(feed, SETTINGS, Access.OPEN, System::nanoTime));
        var tcp = Flow.fromSinkAndSourceMat(
                TestSink.<ByteString>create(system), TestSource.<ByteString>create(system), Keep.both());
        var running = tcp.joinMat(Flow.fromGraph(stage), Keep.both()).run(system);
        control.set(running.second());
        running.first().first().request(1);
        Await.until(outbound::isOpen);

        running.first().second().sendNext(ByteString.fromString("ping\n".repeat(AT_ONCE)));
        running.first().second().sendComplete();

        Ending ending = running.second().ended().toCompletableFuture().join();
        assertThat(ending.outcome()).isEqualTo(Ending.Outcome.COMPLETED);
        return (int) taken.toString(StandardCharsets.UTF_8).lines().count();
    }

    @Test
    void allThatComesAtOnceIsAnswered() {
        assertThat(answered(control -> {})).isEqualTo(AT_ONCE);
    }

    @Test
    void whoEndsAConnectionDoesNotWaitForTheAnswersToAllThatCameAtOnce() {
        assertThat(answered(control -> control.close(CloseReason.CLOSED))).isLessThan(AT_ONCE);
    }
}
