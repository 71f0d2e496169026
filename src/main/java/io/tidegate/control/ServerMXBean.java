package io.tidegate.control;

/** The server as JMX sees it, registered as {@code io.tidegate:type=Server}. */
public interface ServerMXBean {

    /** One of {@code RUNNING}, {@code ANNOUNCING}, {@code DRAINING}, {@code TERMINATED}. */
    String getState();

    /** Connections that have not ended. */
    long getConnections();

    /** Updates committed since the start. */
    long getUpdates();

    /** Position of the last committed update, {@code epoch:seq}. */
    String getLastPosition();

    /** The address of the TCP listener, {@code host:port}. */
    String getTcpAddress();

    /** Where clients connect that speak HTTP, {@code host:port}. */
    String getHttpAddress();

    /** Begins the clean end and returns at once; repeating it is harmless. */
    void shutdown();
}
