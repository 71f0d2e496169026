package io.tidegate.admin;

/** An open connection as JMX shows it. */
public interface OpenConnection {

    long getId();

    /** The client's address, {@code host:port}. */
    String getPeer();

    String getListener();

    /** How the client is spoken to: {@code tcp}, {@code http}, {@code lines}, {@code sse} or {@code websocket}. */
    String getTransport();

    /** Name of who the client is by what it has shown; empty if it has shown nothing. */
    String getIdentity();

    /** When it was accepted, ISO 8601. */
    String getOpenedAt();

    /** For how long it has been open. */
    long getAgeMillis();

    /** One of {@code OPEN}, {@code DRAINING}, {@code FIN_SENT}. */
    String getState();

    /** What it follows: {@code all}, or the names of collections; empty if it follows nothing. */
    String getFollows();

    /** {@code live}, {@code catching-up}, {@code snapshot}, or empty if it follows nothing. */
    String getProgress();

    /** Last sequence number that the client was given, or that was passed because it does not concern it. */
    long getSeq();

    /** Committed updates after that one. */
    long getLag();

    long getBytesSent();

    /** Bytes that are ready for the client and that the kernel has not taken. */
    long getBytesUnsent();

    long getUpdatesSent();

    /** Sequence number of the last update that was sent; 0 if there was none. */
    long getLastSeq();

    /** For how long the client has accepted no byte although there is data for it. */
    long getStuckMillis();

    /** What a client that speaks HTTP says it is; empty if it says nothing. */
    String getUserAgent();
}
