package io.tidegate.admin;

import java.util.List;

/**
 * The connections as JMX sees them, registered as {@code io.tidegate:type=Connections}.
 *
 * <p>Operations return when the order was given, not when the connections have ended; how each ended is in {@link #ended}.
 */
@Meaning("The connections of the server: the open ones, how the last ones ended, and what ends them.")
public interface ConnectionsMXBean {

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
                    "Ends connections, and returns how many: shutdown sends all that is pending and a goodbye, then FIN; close"
                            + " drops what the kernel does not have yet, then sends FIN; abort resets at once.",
            impact = Meaning.CHANGES)
    int end(
            @Meaning(name = "how", value = "One of shutdown, close, abort") String how,
            @Meaning(
                            name = "which",
                            value =
                                    "An id such as 17 as list shows it, or several (id=17,18), listener=tcp or listener=http,"
                                            + " identity=desk, or remote=10.0.0.7; one of its ports: remote=10.0.0.7:51234")
                    String which);
}
