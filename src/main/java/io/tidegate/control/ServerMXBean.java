package io.tidegate.control;

/**
 * The server as JMX sees it, registered as {@code io.tidegate:type=Server}.
 *
 * <p>It sends notifications, whose message is a line for people: {@link #PHASE} when the drain reaches another phase (user data:
 * its name), {@link #PROGRESS} each second of a drain that lasts (user data: the phase), and {@link #REPORT} when all connections
 * have ended (user data: the report as JSON).
 */
public interface ServerMXBean {

    /** Type of the notification that a drain reached another phase, or was cancelled. */
    String PHASE = "io.tidegate.drain.phase";

    /** Type of the notification that a drain goes on. */
    String PROGRESS = "io.tidegate.drain.progress";

    /** Type of the notification with a drain's report. */
    String REPORT = "io.tidegate.drain.report";

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

    /** Where operators and supervisors ask over HTTP, {@code host:port}. */
    String getAdminAddress();

    /**
     * One of {@code running}, {@code announcing}, {@code unbinding}, {@code committing}, {@code connections}, {@code closing},
     * {@code ended}.
     */
    String getDrainPhase();

    /** 1 to 6, or 0 while running. */
    int getDrainPhaseNumber();

    /** What began the drain; empty while running. */
    String getDrainReason();

    /** How the drain stands, for people: {@code drain 4/6: 1,204 open, 18 stragglers, 22 s left}. */
    String getDrainLine();

    /** Connections that were told to end more than a second ago and have not; counted once a second during a drain. */
    long getStragglers();

    /** How long it takes at most until every connection has ended; 0 when nothing is waited for. */
    long getDrainMillisLeft();

    /** Whether somebody did not want to wait. */
    boolean isForced();

    /** Whether {@link #cancelShutdown} makes the server run on. */
    boolean isCancellable();

    /** What a stop would take if it was begun now. */
    StopForecast forecast();

    /** Whether another server of the same user may bind the same ports, as one does that takes this one's place. */
    boolean isReusePort();

    /** Where the store is, as an absolute path. */
    String getStoreDirectory();

    /** Begins the clean end for the sake of a server that is bound beside this one; like {@link #shutdown}, unannounced. */
    void handOver();

    /** Begins the clean end and returns at once; repeating it is harmless. */
    void shutdown();

    /** Makes a server run on whose end is still being announced; fails with the reason if that cannot be (any more). */
    void cancelShutdown();
}
