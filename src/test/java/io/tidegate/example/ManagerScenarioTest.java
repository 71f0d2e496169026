package io.tidegate.example;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.tidegate.connection.Connection;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.feed.Hub;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user's scenario against the manager's actor, with the Akka testkit. */
class ManagerScenarioTest {

    // example begins
    private static final Duration PATIENCE = Duration.ofMinutes(1); // of the test with a busy machine

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(testKit.system());

    @Test
    void aConnectionThatOutlivesTheDeadlineIsAborted() {
        Hub hub = new Hub(new Hub.Settings(16, 1 << 20), 0);
        ActorRef<ConnectionManager.Command> manager = testKit.spawn(ConnectionManager.create(hub, new Ledger(100)));
        TestProbe<LedgerTotals> reply = testKit.createTestProbe();
        TestProbe<Duration> told = testKit.createTestProbe();
        manager.tell(new ConnectionManager.Opened(new NeverEnding(told.ref())));

        manager.tell(new ConnectionManager.Drain(Duration.ofSeconds(20), Duration.ZERO, 1000, reply.ref()));
        // Told to end, after the deadline was set: from here on time may pass.
        told.receiveMessage(PATIENCE);
        time.timePasses(Duration.ofSeconds(20));

        assertThat(reply.receiveMessage(PATIENCE).aborted()).isEqualTo(1);
    }

    /**
     * Ends only when it is aborted.
     *
     * @param told hears of each shutdown
     */
    private record NeverEnding(ActorRef<Duration> told, CompletableFuture<Ending> ended) implements Connection {

        NeverEnding(ActorRef<Duration> told) {
            this(told, new CompletableFuture<>());
        }

        @Override
        public long id() {
            return 1;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("client", 4711);
        }

        @Override
        public String listener() {
            return "tcp";
        }

        @Override
        public Transport transport() {
            return Transport.TCP;
        }

        @Override
        public String identity() {
            return "";
        }

        @Override
        public Instant openedAt() {
            return Instant.EPOCH;
        }

        @Override
        public ConnectionStatus status() {
            return new ConnectionStatus(
                    id(),
                    remoteAddress(),
                    listener(),
                    transport(),
                    identity(),
                    openedAt(),
                    ConnectionStatus.State.OPEN,
                    new Sent(0, 0, 0, 0),
                    Following.NOTHING,
                    "",
                    Duration.ZERO);
        }

        @Override
        public void shutdown(Duration reconnectAfter) {
            told.tell(reconnectAfter);
        }

        @Override
        public void close() {}

        @Override
        public void abort(CloseReason reason) {
            ended.complete(new Ending(Ending.Outcome.ABORTED, reason, 0, new Sent(0, 0, 0, 0)));
        }

        @Override
        public void destroy() {}

        @Override
        public boolean isReleased() {
            return true;
        }

        @Override
        public void check(long nowNanos) {}
    }
    // example ends

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }
}
