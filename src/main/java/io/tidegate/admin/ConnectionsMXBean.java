package io.tidegate.admin;

import java.util.List;

/**
 * The connections as JMX sees them, registered as {@code io.tidegate:type=Connections}.
 *
 * <p>Operations return when the order was given, not when the connections have ended; how each ended is in {@link #ended}.
 */
@Meaning("The connections of the server: the open ones, how the last ones ended, and what ends them.")
public interface ConnectionsMXBean {

    String ID = "The connection's id, as list shows it";
    String LISTENER = "The name of a listener: tcp or http";
    String ADDRESS = "An address such as 10.0.0.7, or one of its ports, 10.0.0.7:51234";

    @Meaning("Connections that have not ended.")
    long getOpen();

    @Meaning("Connections that ended by FIN from both sides, since the start.")
    long getCompleted();

    @Meaning("Connections that the server reset, since the start.")
    long getAborted();

    @Meaning("Connections that their clients reset, since the start.")
    long getResetByPeer();

    @Meaning(
            "Connections whose clients had closed their sockets, in good order, before the server was done, since the start.")
    long getLeft();

    @Meaning("Bytes that all ended connections were sent.")
    long getBytesSent();

    @Meaning("Bytes that were ready for the ended connections and were not sent.")
    long getBytesUnsent();

    @Meaning("Updates that all ended connections were sent.")
    long getUpdatesSent();

    @Meaning("Every open connection, the oldest first.")
    List<OpenConnection> list();

    @Meaning("The connections that ended last, the newest last, of those that the ledger keeps.")
    List<EndedConnection> ended(@Meaning(name = "most", value = "How many at most") int most);

    @Meaning(
            value =
                    "Ends a connection in good order: all that is pending, goodbye, FIN; false if there is no such one.",
            impact = Meaning.CHANGES)
    boolean shutdown(@Meaning(name = "id", value = ID) long id);

    @Meaning(
            value = "Drops what the kernel does not have yet, then sends FIN; false if there is no such connection.",
            impact = Meaning.CHANGES)
    boolean close(@Meaning(name = "id", value = ID) long id);

    @Meaning(value = "Resets the connection at once; false if there is no such connection.", impact = Meaning.CHANGES)
    boolean abort(@Meaning(name = "id", value = ID) long id);

    @Meaning(value = "Like shutdown for all connections of a listener; returns how many.", impact = Meaning.CHANGES)
    int shutdownListener(@Meaning(name = "listener", value = LISTENER) String listener);

    @Meaning(value = "Like close for all connections of a listener; returns how many.", impact = Meaning.CHANGES)
    int closeListener(@Meaning(name = "listener", value = LISTENER) String listener);

    @Meaning(value = "Like abort for all connections of a listener; returns how many.", impact = Meaning.CHANGES)
    int abortListener(@Meaning(name = "listener", value = LISTENER) String listener);

    @Meaning(value = "Like shutdown for all connections from an address; returns how many.", impact = Meaning.CHANGES)
    int shutdownRemote(@Meaning(name = "address", value = ADDRESS) String address);

    @Meaning(value = "Like close for all connections from an address; returns how many.", impact = Meaning.CHANGES)
    int closeRemote(@Meaning(name = "address", value = ADDRESS) String address);

    @Meaning(value = "Like abort for all connections from an address; returns how many.", impact = Meaning.CHANGES)
    int abortRemote(@Meaning(name = "address", value = ADDRESS) String address);
}
