package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How the stage reads. The kernel takes nothing here, so that all that the session says comes out of the stage. */
class SessionStageTest extends SessionFixture {

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

    private TestSubscriber.Probe<EventLines> run(String... chunks) {
        var stage = new SessionStage<>(
                feed,
                SETTINGS,
                new Carriers(Runnable::run, 1),
                new SocketWriter(new StubChannel(), () -> {}, () -> 0),
                TCP,
                null);
        return Source.from(List.of(chunks))
                .map(chunk -> {
                    takenWhenAsked.add(feed.head().seq() + feed.status().queuedUpdates());
                    return ByteString.fromString(chunk);
                })
                .via(stage)
                .runWith(TestSink.create(system), system)
                .request(100);
    }

    private static List<String> next(TestSubscriber.Probe<EventLines> out, int count) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            lines.addAll(out.expectNext().bytes().utf8String().lines().toList());
        }
        return lines;
    }

    @Test
    void noMoreIsAskedForWhileThereAreLinesThatTheSessionDoesNotWantYet() throws InterruptedException {
        int puts = 2 * PIPELINED_REQUESTS + 1;
        var out = run("put c k 1\n".repeat(puts), "ping\n");

        while (feed.head().seq() < puts) {
            commits.awaitNext();
        }

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
}
