package io.tidegate.server;

/** Where a server is in its life. */
public enum State {
    /** Clients are accepted and served. */
    RUNNING,
    /** The end was triggered; clients are still accepted so that a load balancer can notice. */
    ANNOUNCING,
    /** Nobody is accepted; connections get what they are owed and end. */
    DRAINING,
    /** All is closed. */
    TERMINATED
}
