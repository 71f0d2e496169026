package io.tidegate.admin;

/** What a stop would take if it was begun now. */
public interface StopForecast {

    /** Connections that are open. */
    long getConnections();

    /** Clients that still have to be sent updates from the log. */
    int getLagging();

    /** Clients that have accepted no byte for a second although there is data for them. */
    long getStuck();

    /** For how long it is announced, which is in both of the following. */
    long getAnnounceMillis();

    /** How long it takes if the clients go on as they do. */
    long getLikelyMillis();

    /** How long it takes at most until every connection has ended. */
    long getLongestMillis();
}
