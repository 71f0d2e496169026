package io.tidegate.admin;

/** An entry of the ledger as JMX shows it. */
public interface EndedConnection {

    long getId();

    /** The client's address, {@code host:port}. */
    String getPeer();

    String getListener();

    /** How the client was spoken to last, as in the list of open connections. */
    String getTransport();

    /** Name of who the client is by what it has shown; empty if it has shown nothing. */
    String getIdentity();

    /** When it was accepted, ISO 8601. */
    String getOpenedAt();

    /** When its socket was closed, ISO 8601. */
    String getEndedAt();

    /** Bytes that the kernel took over. */
    long getBytesSent();

    /** Bytes that were ready for the client and that the kernel did not take. */
    long getBytesUnsent();

    long getUpdatesSent();

    /** Sequence number of the last update that was sent; 0 if there was none. */
    long getLastSeq();

    /** One of {@code completed}, {@code aborted}, {@code reset-by-peer}, {@code left}. */
    String getOutcome();

    /** Why it ended; the codes are listed in the description of the protocol. */
    String getReason();
}
