package io.tidegate.ledger;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * What is kept of a connection that ended.
 *
 * @param id unique in one run of the server
 * @param peer the client's address
 * @param listener name of the listener that accepted it
 * @param transport how the client was spoken to last
 * @param identity name of who the client was last by what it had shown; empty if it had shown nothing
 * @param openedAt when it was accepted
 * @param endedAt when its socket was closed
 * @param ending how and why it ended, and what it was sent
 */
public record LedgerEntry(
        long id,
        InetSocketAddress peer,
        String listener,
        Transport transport,
        String identity,
        Instant openedAt,
        Instant endedAt,
        Ending ending) {}
