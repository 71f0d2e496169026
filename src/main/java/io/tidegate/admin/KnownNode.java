package io.tidegate.admin;

/** A node of the feed as JMX shows it. */
public interface KnownNode {

    /** By which operators know it. */
    String getName();

    /** Whether it is the server that is asked. */
    boolean getThis();

    /** One of {@code ready}, {@code behind} (no clients should come yet), {@code leaving}. */
    String getState();

    /** Of its program. */
    String getVersion();

    /** Sequence number of the last update that it had shown when it told of itself. */
    long getHead();

    /** Updates by which it was behind the most advanced node then. */
    long getLag();

    /** Up to which it had read the log; 0 where none is shared. */
    long getOffset();

    /** Where clients reach its line protocol, {@code host:port}; empty if they do not. */
    String getTcp();

    /** Where clients reach it over HTTP, as a URL; empty if they do not. */
    String getHttp();

    /** Where its admin listener is reached, as a URL; empty if it is not. */
    String getAdmin();

    /** How long ago it told of itself; -1 if that was not heard. */
    long getAgeMillis();
}
