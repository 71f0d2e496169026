package io.tidegate.admin;

/**
 * The server as JMX sees it, registered as {@code io.tidegate:type=Server}.
 *
 * <p>It sends notifications, whose message is a line for people: {@link #PHASE} when the drain reaches another phase (user data:
 * its name), {@link #PROGRESS} each second of a drain that lasts (user data: the phase), and {@link #REPORT} when all connections
 * have ended (user data: the report as JSON).
 */
@Meaning("The server: its state, its addresses, and its end.")
public interface ServerMXBean {

    /** Type of the notification that a drain reached another phase, or was cancelled. */
    String PHASE = "io.tidegate.drain.phase";

    /** Type of the notification that a drain goes on. */
    String PROGRESS = "io.tidegate.drain.progress";

    /** Type of the notification with a drain's report. */
    String REPORT = "io.tidegate.drain.report";

    @Meaning("The version of the server that runs.")
    String getVersion();

    @Meaning("One of RUNNING, ANNOUNCING, DRAINING, TERMINATED.")
    String getState();

    @Meaning("Connections that have not ended.")
    long getConnections();

    @Meaning("Updates committed since the start.")
    long getUpdates();

    @Meaning("Position of the last committed update, epoch:seq.")
    String getLastPosition();

    @Meaning("The address of the TCP listener, host:port.")
    String getTcpAddress();

    @Meaning("Where clients connect that speak HTTP, host:port.")
    String getHttpAddress();

    @Meaning("Where operators and supervisors ask over HTTP, host:port.")
    String getAdminAddress();

    @Meaning("One of running, announcing, unbinding, committing, connections, closing, ended.")
    String getDrainPhase();

    @Meaning("1 to 6, or 0 while running.")
    int getDrainPhaseNumber();

    @Meaning("What began the drain; empty while running.")
    String getDrainReason();

    @Meaning("How the drain stands, for people: drain 4/6: 1,204 open, 18 stragglers, 22 s left.")
    String getDrainLine();

    @Meaning("Connections that were told to end more than a second ago and have not; counted during a drain.")
    long getStragglers();

    @Meaning("How long it takes at most until every connection has ended; 0 when nothing is waited for.")
    long getDrainMillisLeft();

    @Meaning("Whether somebody did not want to wait.")
    boolean isForced();

    @Meaning("Whether cancelShutdown makes the server run on.")
    boolean isCancellable();

    @Meaning("What a stop would take if it was begun now.")
    StopForecast forecast();

    @Meaning("The nodes of the feed that this server knows, itself first.")
    KnownNode[] nodes();

    @Meaning("Whether another server of the same user may bind the same ports, to take this one's place.")
    boolean isReusePort();

    @Meaning("Where the store is, as an absolute path.")
    String getStoreDirectory();

    @Meaning(
            value =
                    "Reads certificates, tokens, keys and settings anew, and says what came of each; connections go on.",
            impact = Meaning.CHANGES)
    ReloadOutcome[] reload();

    @Meaning(
            value = "Like shutdown, unannounced, for the sake of a server that is bound beside this one.",
            impact = Meaning.CHANGES)
    void handOver();

    @Meaning(
            value = "Begins the clean end of the whole server and returns at once; repeating it is harmless.",
            impact = Meaning.CHANGES)
    void shutdown();

    @Meaning(
            value = "Makes a server run on whose end is still being announced; fails with the reason if it cannot.",
            impact = Meaning.CHANGES)
    void cancelShutdown();
}
