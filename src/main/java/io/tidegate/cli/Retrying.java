package io.tidegate.cli;

import io.tidegate.client.EventLine;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import io.tidegate.client.RefusedException;
import io.tidegate.document.Reason;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects once more, for as long as its user is patient. What counts is for how long the server was away, all in all, since a
 * connection was last good for something: something was loaded, or it held for that long.
 */
final class Retrying {

    private final Reconnection reconnection;
    private final long patienceNanos;
    private final LongSupplier nanoClock;
    private final Consumer<String> notices;

    private long loadedBefore = -1;
    private long awayNanos;
    private long connectedAtNanos;

    /** @param notices what the user is told */
    Retrying(Reconnection reconnection, Duration patience, LongSupplier nanoClock, Consumer<String> notices) {
        this.reconnection = reconnection;
        this.patienceNanos = patience.toNanos();
        this.nanoClock = nanoClock;
        this.notices = notices;
        connectedAtNanos = nanoClock.getAsLong();
    }

    /** Whether a server that says goodbye wants it back. */
    boolean take(EventLine goodbye) throws ProtocolException {
        return reconnection.take(goodbye);
    }

    /** The connection was good for something. */
    void succeeded() {
        reconnection.succeeded();
    }

    /**
     * Waits until there is a connection.
     *
     * @param reason why the last one is lost
     * @param loaded how many documents were, by now
     * @return null if there is none in time, or the server does not take the client for who it says it is
     */
    @Nullable
    LineClient connect(String reason, long loaded) throws InterruptedException {
        long lostAtNanos = nanoClock.getAsLong();
        // A pipe may have been quiet: that nothing was loaded is not the server's fault.
        if (loaded > loadedBefore || lostAtNanos - connectedAtNanos >= patienceNanos) {
            loadedBefore = loaded;
            awayNanos = 0;
        }
        long awaySinceNanos = lostAtNanos - awayNanos;
        LineClient client = attempt(reason, awaySinceNanos);
        connectedAtNanos = nanoClock.getAsLong();
        awayNanos = connectedAtNanos - awaySinceNanos;
        return client;
    }

    private @Nullable LineClient attempt(String reason, long awaySinceNanos) throws InterruptedException {
        if (isPatient(awaySinceNanos)) {
            notices.accept("connection lost (" + reason + "): reconnecting");
        }
        LineClient client = null;
        while (client == null && isPatient(awaySinceNanos)) {
            try {
                client = reconnection.attempt();
            } catch (RefusedException e) {
                notices.accept("refused: " + Reason.of(e));
                return null;
            }
        }
        return client;
    }

    private boolean isPatient(long awaySinceNanos) {
        return nanoClock.getAsLong() - awaySinceNanos < patienceNanos;
    }
}
