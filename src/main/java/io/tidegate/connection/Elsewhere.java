package io.tidegate.connection;

import io.tidegate.ledger.Transport;
import java.util.List;

/** Where clients of a server that sends them away can go on: at servers of the same feed. Thread-safe, does not block. */
public interface Elsewhere {

    /** Nowhere but here. */
    Elsewhere NOWHERE = (transport, isLocal) -> List.of();

    /**
     * Addresses as clients of that transport use them, in the order in which one client should try them: asked for each, it spreads them.
     *
     * @param isLocal whether the client is on this machine, where it can use addresses of loopback
     * @return a few; empty if there is none
     */
    List<String> addresses(Transport transport, boolean isLocal);
}
