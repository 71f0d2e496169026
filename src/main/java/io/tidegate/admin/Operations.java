package io.tidegate.admin;

import io.tidegate.audit.Audit;
import io.tidegate.checkpoint.Checkpoints;
import io.tidegate.connection.Connections;
import io.tidegate.document.Position;
import io.tidegate.drain.DrainForecast;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.Drainable;
import io.tidegate.feed.CollectionSizes;
import io.tidegate.feed.FeedLog;
import io.tidegate.reload.Reloader;
import io.tidegate.shared.NodeStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What operators see of a server and can do to it, over HTTP and JMX. Thread-safe; nothing here blocks. */
public interface Operations extends Drainable {

    /** Where clients connect that speak the line protocol. */
    InetSocketAddress tcpAddress();

    /** Where clients connect that speak HTTP. */
    InetSocketAddress httpAddress();

    /** Where operators and supervisors ask. */
    InetSocketAddress adminAddress();

    /** Whether another server may bind the same ports beside this one. */
    boolean sharesPort();

    /** Where the store is, as an absolute path. */
    String storeDirectory();

    /** Position of the last committed update. */
    Position position();

    /** Updates committed since the start. */
    long updates();

    /** Why changes are refused now; null if they are taken. Has a store that failed tried again. */
    @Nullable
    String writeFailure();

    /** Why this server is not up to date with the other nodes of its feed; null if it is, or there are none. */
    @Nullable
    String lag();

    /** The nodes of its feed that this server knows, itself first: alone where it shares its feed with nobody. */
    CompletionStage<List<NodeStatus>> nodes();

    /** The connections: which there are, how to end them, how the others ended. */
    Connections connections();

    /** How far the drain is. */
    DrainStatus drainStatus();

    /** What a stop would take if it was begun now; fails if the server has ended. */
    CompletionStage<DrainForecast> forecast();

    /** The report as soon as all connections have ended. */
    CompletionStage<DrainReport> report();

    /**
     * Begins the clean end, unless it has begun, and announces it for at least this long: it can be cancelled up to then. An
     * end that is still being announced comes sooner if this one does.
     *
     * @param reason names the trigger in the log and in the report
     * @param announce no shorter than {@code tidegate.drain.announce} in any case
     * @return which drain goes on now
     */
    int beginDrain(String reason, Duration announce);

    /**
     * Makes a server run on whose end is still being announced.
     *
     * @throws IllegalStateException that says why it cannot (any more)
     */
    void cancelDrain();

    /**
     * Reads files anew that may have changed, such as certificates, and says what came of each.
     *
     * @param reason names the trigger in the log
     */
    CompletionStage<List<Reloader.Outcome>> reload(String reason);

    /** What there is in each collection; fails if the store cannot be read. */
    CompletionStage<CollectionSizes> collections();

    /** Has the store write its tables anew; fails if that cannot be done. */
    CompletionStage<FeedLog.Compacted> compact();

    /** Copies of the store that can be fetched. */
    Checkpoints checkpoints();

    /** Is told who operates the server. */
    Audit audit();

    /** Begins the clean end for a server that is bound beside this one: nothing is announced, it waits. */
    void handOver();
}
