package io.tidegate.client;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects again, with patience: in the slot that the server named, or when the back-off says. */
public final class Reconnection {

    /** Opens a connection. */
    public interface Connector {
        LineClient open() throws IOException;
    }

    /** Lets time pass; in a test it does not take long. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** A client that is told to come back later than this comes back now. */
    static final Duration MAX_SLOT = Duration.ofMinutes(5);

    private final Connector connector;
    private final Pause pause;
    private final BackOff backOff;

    private Duration slot = Duration.ZERO;

    public Reconnection(Connector connector, Pause pause, BackOff backOff) {
        this.connector = connector;
        this.pause = pause;
        this.backOff = backOff;
    }

    /**
     * Takes the server's last word. It spreads its clients: this one's turn holds for one attempt.
     *
     * @return whether to come back at all, as it is: who was told otherwise would be refused however often it asks
     * @throws ProtocolException if it says no slot
     */
    public boolean take(Event goodbye) throws ProtocolException {
        long millis = goodbye.number("reconnectAfterMs");
        slot = Duration.ofMillis(Math.min(millis, MAX_SLOT.toMillis()));
        return goodbye.invitesBack();
    }

    /** The last connection was good for what it was made for. */
    public void succeeded() {
        backOff.reset();
    }

    /**
     * Waits and tries until there is a connection.
     *
     * @throws RefusedException if the server does not take the client for who it says it is: it would not the next time either
     */
    public LineClient open() throws InterruptedException, RefusedException {
        LineClient client = attempt();
        while (client == null) {
            client = attempt();
        }
        return client;
    }

    /**
     * Waits, and tries once.
     *
     * @return null if the server is still away: the next pause is longer
     * @throws RefusedException as {@link #open}
     */
    public @Nullable LineClient attempt() throws InterruptedException, RefusedException {
        pause.of(nextPause());
        try {
            return connector.open();
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    private Duration nextPause() {
        Duration next = slot.isZero() ? backOff.next() : slot;
        slot = Duration.ZERO;
        return next;
    }
}
