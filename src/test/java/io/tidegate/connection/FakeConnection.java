package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection that ends when a test says so, and notes what it was told. Thread-safe. */
final class FakeConnection implements Connection {

    private final long id;
    final CompletableFuture<Ending> ended = new CompletableFuture<>();
    final Queue<Duration> shutdowns = new ConcurrentLinkedQueue<>();
    final Queue<CloseReason> aborts = new ConcurrentLinkedQueue<>();
    final Queue<Long> checks = new ConcurrentLinkedQueue<>();
    final Queue<Long> deliveryChecks = new ConcurrentLinkedQueue<>();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger destroyed = new AtomicInteger();
    volatile boolean released = true;
    volatile boolean heedsAborts = true;
    volatile Duration stuck = Duration.ZERO;

    FakeConnection(long id) {
        this.id = id;
    }

    void end(Ending.Outcome outcome) {
        ended.complete(new Ending(outcome, CloseReason.SHUTDOWN, 10, ManagerFixture.SENT));
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + (int) id);
    }

    @Override
    public String listener() {
        return id % 2 == 0 ? "even" : "odd";
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
                id,
                remoteAddress(),
                listener(),
                transport(),
                identity(),
                openedAt(),
                ConnectionStatus.State.OPEN,
                new Sent(0, 0, 0, 0),
                Following.NOTHING,
                "",
                stuck);
    }

    @Override
    public void shutdown(Duration reconnectAfter) {
        shutdowns.add(reconnectAfter);
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    @Override
    public void abort(CloseReason reason) {
        aborts.add(reason);
        if (heedsAborts) {
            end(Ending.Outcome.ABORTED);
        }
    }

    @Override
    public void destroy() {
        destroyed.incrementAndGet();
        released = true;
        end(Ending.Outcome.ABORTED);
    }

    @Override
    public CompletionStage<Ending> ended() {
        return ended;
    }

    @Override
    public boolean isReleased() {
        return released;
    }

    @Override
    public void check(long nowNanos) {
        checks.add(nowNanos);
    }

    @Override
    public void checkDelivery(long nowNanos) {
        deliveryChecks.add(nowNanos);
    }
}
