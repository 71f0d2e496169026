package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.Framing;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Decoder;
import io.tidegate.wire.Line;
import io.tidegate.wire.LineDecoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How sessions speak with their clients on one transport: the form in which events go out, and what comes in beside lines.
 * One for all connections; thread-safe.
 *
 * @param <I> what is found in the bytes that come from a client
 */
public interface Dialect<I> {

    /**
     * Keeps an eye on a client that says nothing.
     *
     * @param interval after so long without a word from the client it is asked for one
     * @param timeout after so much longer it is given up
     * @param question a frame that the client has to answer
     * @param farewell the last frame to a client that did not
     */
    record Liveness(Duration interval, Duration timeout, ByteString question, ByteString farewell) {}

    /** The lines of bare TCP, and of those who follow over HTTP: nothing else comes in. */
    record Lines(Framing framing, Transport transport) implements Dialect<Line> {
        @Override
        public boolean isOpenToStrangers() {
            return transport == Transport.TCP;
        }

        @Override
        public Decoder<ByteString, Line> decoder(Room room) {
            return LineDecoder.create(room::lineBytes);
        }

        @Override
        public void take(Line line, ClientInput session) {
            session.line(line);
        }
    }

    Transport transport();

    Framing framing();

    /** Whether lines may come of whom nothing has asked yet which protocol it speaks. */
    default boolean isOpenToStrangers() {
        return false;
    }

    /**
     * Reads the bytes of one client.
     *
     * @param room how much the client may send at once
     */
    Decoder<ByteString, I> decoder(Room room);

    /** Passes on what came from the client. Called on the connection's stream, one at a time. */
    void take(I input, ClientInput session);

    /**
     * The transport's own last word, sent behind the goodbye; the client is to answer it, and is waited for.
     *
     * @return empty if the transport has none
     */
    default ByteString farewell(CloseReason reason) {
        return ByteString.emptyByteString();
    }

    /**
     * The transport's own word, sent last to a client that is listened to no longer.
     *
     * @param reason for the client: one line of what to do
     * @return empty if the transport has none
     */
    default ByteString rejection(String reason) {
        return ByteString.emptyByteString();
    }

    /** Null if the transport has no means to ask. */
    default @Nullable Liveness liveness() {
        return null;
    }
}
