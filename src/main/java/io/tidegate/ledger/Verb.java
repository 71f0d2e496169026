package io.tidegate.ledger;

/** How an operator or the embedding program ends a connection. */
public enum Verb {
    /** Sends all that is pending and a goodbye, then FIN. */
    SHUTDOWN,
    /** Drops what the kernel does not have yet, then sends FIN; the last line may be cut. */
    CLOSE,
    /** Sends RST at once. */
    ABORT
}
