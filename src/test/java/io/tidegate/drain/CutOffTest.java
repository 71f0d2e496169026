package io.tidegate.drain;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.TextEncoder;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reported of connections whose manager is late. */
class CutOffTest {

    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "cut-off",
            ConfigFactory.parseString(
                            """
                    akka.coordinated-shutdown {
                      exit-jvm = off
                      run-by-jvm-shutdown-hook = off
                      phases.service-requests-done.timeout = 100 ms
                    }""")
                    .withFallback(ConfigFactory.load()));
    private final TestProbe<ConnectionManager.Command> manager = TestProbe.create(system);
    private final Ledger ledger = new Ledger(10);

    @AfterEach
    void terminate() {
        system.terminate();
    }

    private ShutdownOrder order() {
        var settings =
                new DrainSettings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(30), 1000);
        var feed = FeedLimits.roomy().feed(new MemoryFeedLog(), new TextEncoder());
        var parts = new ShutdownOrder.Parts(
                List.of(),
                feed,
                manager.ref(),
                ledger,
                () -> CompletableFuture.completedFuture(null),
                () -> CompletableFuture.completedFuture(Done.getInstance()));
        var order = new ShutdownOrder(system, new DrainCourse(settings, ledger::open, System::nanoTime), parts);
        order.register(() -> {});
        return order;
    }

    private void ends(Ending.Outcome outcome) {
        ledger.ended(new LedgerEntry(
                1,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "tcp",
                Transport.TCP,
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                new Ending(outcome, CloseReason.SHUTDOWN, 0, new Sent(0, 0, 0, 0))));
    }

    @Test
    void whoHasNotEndedWhenTheTimeIsOverIsCountedAsAborted() throws Exception {
        for (int i = 0; i < 5; i++) {
            ledger.opened();
        }
        ends(Ending.Outcome.COMPLETED);
        ShutdownOrder order = order();

        order.begin("a test", Duration.ZERO);
        manager.expectMessageClass(ConnectionManager.Drain.class);
        ends(Ending.Outcome.COMPLETED);
        ends(Ending.Outcome.ABORTED);
        DrainReport report = order.report().toCompletableFuture().get(1, TimeUnit.MINUTES);

        assertThat(report.completed()).as("since the drain began").isEqualTo(1);
        assertThat(report.aborted()).isEqualTo(3);
        assertThat(report.connections().reasons()).containsEntry(CloseReason.DEADLINE, 2L);
        assertThat(report.hasReset()).isTrue();
    }

    @Test
    void whatTheManagerSaysInTimeIsReported() throws Exception {
        ledger.opened();
        ShutdownOrder order = order();

        order.begin("a test", Duration.ZERO);
        var drain = manager.expectMessageClass(ConnectionManager.Drain.class);
        ends(Ending.Outcome.COMPLETED);
        drain.replyTo().tell(ledger.totals());
        DrainReport report = order.report().toCompletableFuture().get(1, TimeUnit.MINUTES);

        assertThat(report.connections()).isEqualTo(ledger.totals()).isNotEqualTo(LedgerTotals.NONE);
        assertThat(report.hasReset()).isFalse();
    }
}
