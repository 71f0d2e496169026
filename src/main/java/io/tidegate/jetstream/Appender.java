package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What it is handed arrives in order and once, or it says that something may be lost. It goes on with another connection only where
 * nothing was on its way on the one that it has lost.
 */
final class Appender {

    /** Entries of the largest size that may be on their way. */
    private static final int MOST_UNCONFIRMED = 8;

    /** What an entry takes at least, as not only its bytes are kept. */
    private static final int LEAST_BYTES = 1 << 10;

    private final Connections connections;
    private final JetStreamSettings settings;
    private final Problems problems;

    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    /** Bytes that may be on their way yet. */
    private final Semaphore room;

    /** Entries on their way that somebody waits for. */
    private final AtomicInteger unconfirmed = new AtomicInteger();

    private volatile @Nullable Connection connection;

    private volatile boolean isClosed;

    Appender(Connections connections, JetStreamSettings settings, Problems problems) {
        this.connections = connections;
        this.settings = settings;
        this.problems = problems;
        this.room = new Semaphore(MOST_UNCONFIRMED * settings.maxMessageBytes());
    }

    void append(byte[] bytes) throws SharedLogException {
        append(bytes, true);
    }

    /** Whether it arrives matters to nobody. */
    void mention(byte[] bytes) throws SharedLogException {
        append(bytes, false);
    }

    private void append(byte[] bytes, boolean matters) throws SharedLogException {
        Connection to = connected();
        int taken = Math.max(bytes.length, LEAST_BYTES);
        takeRoom(to, taken);
        unconfirmed.addAndGet(matters ? 1 : 0);
        try {
            var unused = to.requestWithTimeout(settings.stream(), bytes, settings.deliveryTimeout())
                    .thenAccept(Appender::requireConfirmed)
                    .whenComplete((nothing, lost) -> {
                        if (matters) {
                            confirmed(to, lost);
                        }
                        // Behind the failure: who finds room finds it told.
                        room.release(taken);
                    });
        } catch (IllegalStateException | IllegalArgumentException e) {
            // The connection is lost, or nothing more fits into the way to it.
            unconfirmed.addAndGet(matters ? -1 : 0);
            room.release(taken);
            throw problems.of(to, e);
        }
    }

    private static void requireConfirmed(Message answer) {
        try {
            var unused = new PublishAck(answer);
        } catch (IOException | JetStreamApiException e) {
            throw new CompletionException(e);
        }
    }

    private void confirmed(Connection to, @Nullable Throwable lost) {
        if (lost != null) {
            failure.compareAndSet(null, problems.losing(to, lost));
        }
        unconfirmed.decrementAndGet();
    }

    private void takeRoom(Connection to, int bytes) throws SharedLogException {
        try {
            if (!room.tryAcquire(bytes, settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.of(to, e);
        } catch (TimeoutException e) {
            throw problems.of(to, e);
        }
    }

    private Connection connected() throws SharedLogException {
        requireNothingLost();
        Connection current = connection;
        if (current != null && current.getStatus() == Connection.Status.CONNECTED) {
            return current;
        }
        if (current != null) {
            Connections.close(current);
            requireNothingUnderWay();
        }
        Connection next = connections.open();
        connection = next;
        if (isClosed) {
            // Meanwhile, and who closed this may have closed the former one only.
            Connections.close(next);
            throw SharedLogException.closed();
        }
        return next;
    }

    private void requireNothingUnderWay() throws SharedLogException {
        if (unconfirmed.get() > 0) {
            failure.compareAndSet(null, problems.lostConnection());
        }
        requireNothingLost();
    }

    private void requireNothingLost() throws SharedLogException {
        String told = failure.get();
        if (isClosed) {
            throw SharedLogException.closed();
        }
        if (told != null) {
            throw new SharedLogException(Kind.UNAVAILABLE, told);
        }
    }

    @Nullable
    String failure() {
        return failure.get();
    }

    void close() {
        isClosed = true;
        Connection current = connection;
        if (current != null) {
            Connections.close(current);
        }
    }
}
