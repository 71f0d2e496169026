package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.Timing;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainForecast;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import java.nio.file.Path;
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

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Tidegate server;

    private void start(String... settings) throws Exception {
        server = TestServer.start(directory, settings);
    }

    @AfterEach
    void stop() {
        server.force("test over");
        server.close();
    }

    private LineClient follower() throws Exception {
        LineClient client = TestServer.client(server);
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
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
            assertThat(report.join().reason()).isEqualTo("second");
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
            long begun = System.nanoTime();
            var report = server.drain("third").toCompletableFuture();

            assertThat(follower.line()).contains("goodbye");
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(3));
            follower.halfClose();
            assertThat(report.join().reason()).isEqualTo("third");
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
            Await.until(() -> server.drainStatus().phase() == DrainPhase.CONNECTIONS);

            assertThatThrownBy(server::cancelDrain)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "the drain cannot be cancelled any more: it is no longer announcing (phase 4/6, connections)");
            assertThat(follower.line()).contains("goodbye");
        }
    }

    @Test
    void anActorSystemThatIsTerminatedAnnouncesAndDrainsTooButCannotBeCancelled() throws Exception {
        start("tidegate.drain { announce = 4 s, timeout = 10 s }");
        try (var follower = follower()) {
            long begun = System.nanoTime();
            server.system().terminate();
            Await.until(() -> server.drainStatus().phase() == DrainPhase.ANNOUNCING);
            assertThatThrownBy(server::cancelDrain).hasMessageContaining("actor system");
            publish();

            assertThat(follower.line()).contains("\"put\"");
            assertThat(follower.line()).contains("goodbye");
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(4));
            follower.halfClose();
            DrainReport report = server.whenTerminated().toCompletableFuture().join();
            assertThat(report.reason()).isEqualTo("ActorSystemTerminate");
            assertThat(report.completed()).isEqualTo(1);
        }
    }

    @Test
    void anActorSystemThatIsTerminatedDuringAnAnnouncementWaitsForWhatIsLeftOfIt() throws Exception {
        start("tidegate.drain { announce = 1 s, timeout = 10 s }");
        long begun = System.nanoTime();
        server.beginDrain("first");
        server.system().terminate();

        DrainReport report = server.whenTerminated().toCompletableFuture().join();

        assertThat(report.reason()).isEqualTo("first");
        assertThat(report.duration().toMillis()).isGreaterThanOrEqualTo(1000);
        Timing.onQuietMachine(() -> assertThat(report.duration().toMillis()).isLessThanOrEqualTo(10_000));
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
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

            assertThat(follower.line()).contains("goodbye");
            assertThat(follower.read()).isNull();
            follower.halfClose();
            DrainReport report = reports.get(0).join();
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
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(20)) {
                Thread.onSpinWait();
            }
            try {
                server.cancelDrain();
                assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("cannot be cancelled any more");
                ended = true;
            }
        }
        if (ended) {
            assertThat(server.whenTerminated().toCompletableFuture().join().reason())
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
