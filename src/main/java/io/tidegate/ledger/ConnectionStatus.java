package io.tidegate.ledger;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * An open connection, as it was at one moment.
 *
 * @param id unique in one run of the server
 * @param peer the client's address
 * @param listener name of the listener that accepted it
 * @param transport how the client is spoken to
 * @param identity name of who the client is by what it has shown; empty if it has shown nothing
 * @param openedAt when it was accepted
 * @param state where it is in its life
 * @param sent what it was sent so far
 * @param following what it follows, and how far it has got
 * @param userAgent what a client that speaks HTTP says it is; empty if it says nothing
 * @param stuck for how long the client has accepted no byte although there is data for it; zero if it accepts
 */
public record ConnectionStatus(
        long id,
        InetSocketAddress peer,
        String listener,
        Transport transport,
        String identity,
        Instant openedAt,
        State state,
        Sent sent,
        Following following,
        String userAgent,
        Duration stuck) {

    /** Where a connection is in its life. */
    public enum State {
        /** Requests are read. */
        OPEN,
        /** It was told to end, and something is still to be sent. */
        DRAINING,
        /** The server closed its side and waits for the client to close its own. */
        FIN_SENT
    }
}
