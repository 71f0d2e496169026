package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.ledger.CloseReason;
import io.tidegate.wire.Line;

/** What a {@link Dialect} passes on from a client to its session. */
public interface ClientInput {

    /** A request, which is read at once. */
    void line(Line line);

    /** The client is to be sent a frame of the transport at the next chance; a newer one replaces one that was not sent yet. */
    void answer(ByteString frame);

    /**
     * The client has said its last word, or broken the transport's rules. What it asked for before is still answered; a
     * subscription ends.
     *
     * @param frame sent last, unless the transport's farewell was sent already; the client is not waited for
     * @param reason why the connection ends, unless the server had begun to end it
     */
    void closed(ByteString frame, CloseReason reason);
}
