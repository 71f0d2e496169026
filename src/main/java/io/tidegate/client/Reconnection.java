package io.tidegate.client;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects again, with patience: in the slot that the server named, or when the back-off says; at one of the nodes that it named, or
 * where it was asked for first.
 */
public final class Reconnection {

    /** Opens a connection. */
    public interface Connector {
        /**
         * Connects.
         *
         * @param node {@code host:port}; null for where it was asked for first
         */
        LineClient open(@Nullable String node) throws IOException;
    }

    /** Lets time pass; in a test it does not take long. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** No server names more. */
    static final int MAX_NODES = 8;

    /** A client that is told to come back later than this comes back now. */
    static final Duration MAX_SLOT = Duration.ofMinutes(5);

    private final Connector connector;
    private final Pause pause;
    private final BackOff backOff;

    private Duration slot = Duration.ZERO;

    /** Where to go on, by the last goodbye that said so. */
    private List<String> nodes = List.of();

    private @Nullable String current;

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
    public boolean take(EventLine goodbye) throws ProtocolException {
        long millis = goodbye.number("reconnectAfterMs");
        slot = Duration.ofMillis(Math.min(millis, MAX_SLOT.toMillis()));
        List<String> named = goodbye.texts("nodes");
        nodes = named.isEmpty() ? nodes : List.copyOf(named.subList(0, Math.min(named.size(), MAX_NODES)));
        return goodbye.invitesBack();
    }

    /** The last connection was good for what it was made for. */
    public void succeeded() {
        backOff.reset();
    }

    /** The server is there, but could not do what the last connection was made for. */
    void refused() {
        backOff.refused();
    }

    /**
     * Waits, and tries once.
     *
     * @return null if the server is still away: the next pause is longer
     * @throws RefusedException if the server does not take the client for who it says it is: it would not the next time either
     */
    public @Nullable LineClient attempt() throws InterruptedException, RefusedException {
        pause.of(nextPause());
        return attemptNow();
    }

    /** Tries once, for the first time: nobody has said yet when to come. As {@link #attempt} for the rest. */
    @Nullable
    LineClient attemptNow() throws RefusedException {
        List<@Nullable String> places = new ArrayList<>(nodes);
        places.add(null);
        RefusedException refusal = null;
        for (String place : places) {
            try {
                LineClient client = connector.open(place);
                current = place;
                return client;
            } catch (RefusedException e) {
                refusal = e;
            } catch (IOException e) {
                // Away: the next one may be there.
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        return null;
    }

    /** The node that it is connected to; empty where it was asked for first. */
    public String node() {
        String node = current;
        return node == null ? "" : node;
    }

    private Duration nextPause() {
        Duration next = slot.isZero() ? backOff.next() : slot;
        slot = Duration.ZERO;
        return next;
    }
}
