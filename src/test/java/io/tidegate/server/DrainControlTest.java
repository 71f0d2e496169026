package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainForecast;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Triggers, cancelling and forcing, whoever begins and however often. */
@Timeout(120)
class DrainControlTest {

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration ALMOST_THREE_SECONDS = Duration.ofSeconds(3).minus(MOMENT);

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Tidegate server;

    private void start(String... settings) throws Exception {
        server = TestServer.start(time, directory, settings);
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private LineClient follower() throws Exception {
        LineClient client = TestServer.client(server);
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
    }

    /** However long that takes. */
    private DrainReport ended(CompletableFuture<DrainReport> report) {
        return time.flowsAsUsualWhile(() -> report.join());
    }

    private void publish() {
        server.publish(Change.put("orders", "o-1", "1")).toCompletableFuture().join();
    }

    @Test
    void aCancelledDrainLeavesTheServerAsItWasAndALaterOneWorks() throws Exception {
        start("tidegate.drain.announce = 1 h");
        var report = server.drain("first").toCompletableFuture();
        try (var follower = follower()) {
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.ANNOUNCING);
            assertThat(server.drainStatus().cancellable()).isTrue();

            server.cancelDrain();

            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
            publish();
            assertThat(follower.line()).contains("\"put\"");
            follower().close();
            assertThat(report).isNotDone();
            server.beginDrain("second");
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.ANNOUNCING);
            server.force("third");
            assertThat(ended(report).reason()).isEqualTo("second");
        }
    }

    @Test
    void theTimeOfACancelledDrainDoesNotEndTheNextOne() throws Exception {
        start("tidegate.drain { announce = 3 s, timeout = 10 s }");
        server.beginDrain("first");
        server.cancelDrain();
        server.beginDrain("second");
        server.cancelDrain();
        try (var follower = follower()) {
            time.passes(Duration.ofSeconds(1));
            var report = server.drain("third").toCompletableFuture();

            // The first would have been over long since.
            time.passes(ALMOST_THREE_SECONDS);
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.ANNOUNCING);
            time.passes(MOMENT);
            assertThat(server.drainStatus().phase()).isNotEqualTo(DrainPhase.ANNOUNCING);
            time.flowsAsUsualWhile(() -> {
                assertThat(follower.line()).contains("goodbye");
                follower.halfClose();
                assertThat(report.join().reason()).isEqualTo("third");
            });
        }
    }

    @Test
    void aServerThatIsNotStoppingAndOneThatClosesSayWhyTheyCannotBeCancelled() throws Exception {
        start("tidegate.drain.timeout = 1 h");
        assertThatThrownBy(server::cancelDrain)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("there is nothing to cancel: the server is not draining");
        try (var follower = follower()) {
            server.beginDrain("test");
            time.flowsAsUsualWhile(() -> Await.until(() -> server.drainStatus().phase() == DrainPhase.CONNECTIONS));

            assertThatThrownBy(server::cancelDrain)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "the drain cannot be cancelled any more: it is no longer announcing (phase 4/6, connections)");
            assertThat(follower.line()).contains("goodbye");
        }
    }

    @Test
    void anActorSystemThatIsTerminatedAnnouncesAndDrainsTooButCannotBeCancelled() throws Exception {
        start("tidegate.drain { announce = 3 s, timeout = 10 s }");
        try (var follower = follower()) {
            server.system().terminate();
            Await.until(() -> server.drainStatus().phase() == DrainPhase.ANNOUNCING);
            assertThatThrownBy(server::cancelDrain).hasMessageContaining("actor system");
            publish();

            assertThat(follower.line()).contains("\"put\"");
            time.passes(ALMOST_THREE_SECONDS);
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.ANNOUNCING);
            time.passes(MOMENT);
            time.flowsAsUsualWhile(() -> assertThat(follower.line()).contains("goodbye"));
            follower.halfClose();
            DrainReport report = ended(server.whenTerminated().toCompletableFuture());
            assertThat(report.reason()).isEqualTo("ActorSystemTerminate");
            assertThat(report.completed()).isEqualTo(1);
        }
    }

    @Test
    void anActorSystemThatIsTerminatedDuringAnAnnouncementWaitsForWhatIsLeftOfIt() throws Exception {
        start("tidegate.drain { announce = 3 s, timeout = 10 s }");
        server.beginDrain("first");
        time.passes(Duration.ofSeconds(2));
        server.system().terminate();

        time.passes(ALMOST_THREE_SECONDS.minusSeconds(2));
        assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.ANNOUNCING);
        time.passes(MOMENT);
        assertThat(server.drainStatus().phase()).isNotEqualTo(DrainPhase.ANNOUNCING);
        DrainReport report = ended(server.whenTerminated().toCompletableFuture());

        assertThat(report.reason()).isEqualTo("first");
        assertThat(report.duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void manyTriggersAtOnceAreOneDrain() throws Exception {
        start("tidegate.drain.timeout = 10 s");
        int threads = 8;
        var go = new CountDownLatch(1);
        List<CompletableFuture<DrainReport>> reports = new ArrayList<>();
        try (var follower = follower()) {
            for (int i = 0; i < threads; i++) {
                String reason = "trigger " + i;
                reports.add(CompletableFuture.supplyAsync(() -> awaitUninterruptibly(go))
                        .thenCompose(begun -> server.drain(reason)));
            }

            go.countDown();

            time.flowsAsUsualWhile(() -> {
                assertThat(follower.line()).contains("goodbye");
                assertThat(follower.read()).isNull();
            });
            follower.halfClose();
            DrainReport report = ended(reports.get(0));
            assertThat(report.reason()).startsWith("trigger ");
            assertThat(report.completed()).isEqualTo(1);
            assertThat(reports).allSatisfy(each -> assertThat(each.join()).isSameAs(report));
        }
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void cancelAndTheEndOfTheAnnouncementAtOnceHaveOneOutcome() throws Exception {
        start("tidegate.drain { announce = 20 ms, timeout = 10 s }");
        // Whoever is first decides: the server runs on and says so, or it ends and says why.
        boolean ended = false;
        for (int attempt = 0; attempt < 200 && !ended; attempt++) {
            server.beginDrain("attempt");
            var over = CompletableFuture.runAsync(() -> time.passes(Duration.ofMillis(20)));
            try {
                server.cancelDrain();
                assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("cannot be cancelled any more");
                ended = true;
            }
            over.join();
        }
        if (ended) {
            assertThat(ended(server.whenTerminated().toCompletableFuture()).reason())
                    .isEqualTo("attempt");
        } else {
            publish();
        }
    }

    @Test
    void theForecastCountsWhoIsThere() throws Exception {
        start("tidegate.drain { announce = 1 s, timeout = 10 s }");
        try (var follower = follower()) {
            // It may be answered before the manager hears of it.
            Await.until(() -> server.connections().open() == 1);

            DrainForecast forecast = server.forecast().toCompletableFuture().join();

            assertThat(forecast.connections()).isEqualTo(1);
            assertThat(forecast.stuck()).isZero();
            assertThat(forecast.likely().toMillis()).isEqualTo(1300);
            assertThat(forecast.longest().toMillis()).isEqualTo(11_300);
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
            follower.send("ping");
            assertThat(follower.line()).contains("pong");
        }
    }
}
