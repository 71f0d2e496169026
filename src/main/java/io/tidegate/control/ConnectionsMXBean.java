package io.tidegate.control;

import java.util.List;

/**
 * The connections as JMX sees them, registered as {@code io.tidegate:type=Connections}.
 *
 * <p>Operations return when the order was given, not when the connections have ended; how each ended is in {@link #ended}.
 */
public interface ConnectionsMXBean {

    /** Connections that have not ended. */
    long getOpen();

    /** Connections that ended by FIN from both sides, since the start. */
    long getCompleted();

    /** Connections that the server reset, since the start. */
    long getAborted();

    /** Connections that their clients reset, since the start. */
    long getResetByPeer();

    /** Bytes that all ended connections were sent. */
    long getBytesSent();

    /** Bytes that were ready for the ended connections and were not sent. */
    long getBytesUnsent();

    /** Updates that all ended connections were sent. */
    long getUpdatesSent();

    /** Every open connection, the oldest first. */
    List<OpenConnection> list();

    /** The connections that ended last, the newest last; at most {@code most} of those that the ledger keeps. */
    List<EndedConnection> ended(int most);

    /** Sends the client all that is pending and a goodbye, then FIN; false if there is no such connection. */
    boolean shutdown(long id);

    /** Drops what the kernel does not have yet, then sends FIN; false if there is no such connection. */
    boolean close(long id);

    /** Resets the connection at once; false if there is no such connection. */
    boolean abort(long id);

    /** Like {@link #shutdown} for all connections of a listener, for example {@code tcp}; returns how many. */
    int shutdownListener(String listener);

    /** Like {@link #close} for all connections of a listener; returns how many. */
    int closeListener(String listener);

    /** Like {@link #abort} for all connections of a listener; returns how many. */
    int abortListener(String listener);

    /** Like {@link #shutdown} for all connections from an address, {@code 10.0.0.7} or with a port; returns how many. */
    int shutdownRemote(String address);

    /** Like {@link #close} for all connections from an address; returns how many. */
    int closeRemote(String address);

    /** Like {@link #abort} for all connections from an address; returns how many. */
    int abortRemote(String address);
}
