package io.tidegate.server;

/** The running server whose place a new one takes. Its text names it in the log. */
public interface Predecessor {

    /** Where its clients connect that speak the line protocol, {@code host:port}. */
    String tcpAddress();

    /** Where its clients connect that speak HTTP, {@code host:port}. */
    String httpAddress();

    /**
     * Tells it to drain and to give up its store, and returns at once.
     *
     * @throws StartException if it cannot be told
     */
    void handOver() throws StartException;
}
