package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.tidegate.admin.AdminListener;
import io.tidegate.admin.Operations;
import io.tidegate.audit.Audit;
import io.tidegate.checkpoint.Checkpoints;
import io.tidegate.connection.Connections;
import io.tidegate.connection.Follower;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import io.tidegate.drain.DrainCourse;
import io.tidegate.drain.DrainForecast;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.DrainWatcher;
import io.tidegate.drain.OverrunException;
import io.tidegate.drain.ShutdownOrder;
import io.tidegate.feed.CollectionSizes;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLog;
import io.tidegate.reload.Reloader;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.shared.NodeStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Tidegate server: start it, publish into it, drain it.
 *
 * <pre>{@code
 * try (Tidegate server = Tidegate.start(ConfigFactory.parseString("tidegate { tcp.port = 0, http.port = 0, admin.port = 0 }"))) {
 *     server.publish(Change.put("orders", "o-17", "{\"qty\":5}")).toCompletableFuture().join();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Nothing but {@link #start} and {@link #close} blocks. What hangs on a stage runs on the default dispatcher of the {@link
 * #system}, or on a thread of its own when that has ended; or at once, on the thread that hangs it on, if the result is known.
 */
public final class Tidegate implements Operations, AutoCloseable {

    /** In the store's directory, while a server runs on it: for its operators on this machine. */
    public static final String LEFT_TOKEN = LocalOperator.FILE;

    private final ServerSettings settings;
    private final Feed feed;
    private final Connections connections;
    private final ActorSystem<?> system;
    private final Listeners listeners;
    private final AdminListener admin;
    private final DrainCourse course;
    private final ShutdownOrder shutdownOrder;
    private final Reloader reloader;
    private final Consumer<SettingsSource> settingsReader;
    private final Checkpoints checkpoints;
    private final Audit audit;
    private final Supplier<CompletionStage<List<NodeStatus>>> nodes;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Callbacks callbacks;
    private final CompletionStage<DrainReport> terminated;

    Tidegate(
            ServerSettings settings,
            Feed feed,
            Connections connections,
            ActorSystem<?> system,
            Listeners listeners,
            AdminListener admin,
            DrainCourse course,
            ShutdownOrder shutdownOrder,
            Reloader reloader,
            Consumer<SettingsSource> settingsReader,
            Checkpoints checkpoints,
            Audit audit,
            Supplier<CompletionStage<List<NodeStatus>>> nodes) {
        this.settings = settings;
        this.feed = feed;
        this.connections = connections;
        this.system = system;
        this.listeners = listeners;
        this.admin = admin;
        this.course = course;
        this.shutdownOrder = shutdownOrder;
        this.reloader = reloader;
        this.settingsReader = settingsReader;
        this.checkpoints = checkpoints;
        this.audit = audit;
        this.nodes = nodes;
        callbacks = new Callbacks(system);
        terminated = Callbacks.afterTheEnd(shutdownOrder.whenTerminated());
        // All is committed by then, and the store is still open. A drain that is cut short may only come to its report.
        var unused = feed.drained().thenRun(this::endFollowers);
        var unusedToo = shutdownOrder.report().thenRun(this::endFollowers);
    }

    /**
     * Starts a server and waits until its listener is bound.
     *
     * @param config what differs from the defaults of {@code reference.conf}; everything else is added
     * @throws StartException in one line: a setting, the data directory or the address is not usable
     */
    public static Tidegate start(Config config) throws StartException {
        Config complete = ServerConfig.complete(config);
        ServerSettings settings = ServerSettings.from(complete);
        return Startup.start(complete, settings, RocksFeedLog::open);
    }

    /**
     * Starts a server in the place of one that runs in another process, on the same addresses and the same store.
     *
     * <p>Binds beside it first, so that new clients wait here, and no longer there; then has it drain; and serves the clients
     * when the store is free.
     *
     * @param config as for {@link #start}; {@code tidegate.tcp.reuse-port} must be on, there as well
     * @param predecessor the running server
     * @throws StartException in one line; then the clients that waited have got FIN
     */
    public static Tidegate takeOver(Config config, Predecessor predecessor) throws StartException {
        Config complete = ServerConfig.complete(config);
        return Startup.takeOver(complete, ServerSettings.from(complete), predecessor);
    }

    /** Where clients connect that speak HTTP, with the real port where 0 was asked for. */
    @Override
    public InetSocketAddress httpAddress() {
        return listeners.http().localAddress();
    }

    /** Where clients connect that speak the line protocol, with the real port where 0 was asked for. */
    @Override
    public InetSocketAddress tcpAddress() {
        return listeners.tcp().localAddress();
    }

    /** Where operators and supervisors ask, with the real port where 0 was asked for. */
    @Override
    public InetSocketAddress adminAddress() {
        return admin.localAddress();
    }

    /** Where the store is, as an absolute path. */
    @Override
    public String storeDirectory() {
        return settings.storeDirectory().toAbsolutePath().normalize().toString();
    }

    /** Position of the last committed update. */
    @Override
    public Position position() {
        return feed.head();
    }

    /** The nodes of the feed that this one knows, itself first. */
    @Override
    public CompletionStage<List<NodeStatus>> nodes() {
        return callbacks.of(nodes.get());
    }

    /** The connections: which there are, how to end them, how the others ended. */
    @Override
    public Connections connections() {
        return connections;
    }

    /** All metrics as they are now, in the text format of Prometheus. */
    public CompletionStage<String> metrics() {
        return admin.metrics().text();
    }

    /** Updates committed since the start. */
    @Override
    public long updates() {
        return feed.committedUpdates();
    }

    /** How far the drain is. */
    @Override
    public DrainStatus drainStatus() {
        return course.status();
    }

    /** Tells how the drain goes on from now on; it is kept for the server's life. */
    public void watch(DrainWatcher watcher) {
        course.watch(watcher);
    }

    /** What a stop would take if it was begun now; fails if the server has ended. */
    @Override
    public CompletionStage<DrainForecast> forecast() {
        return connections
                .census()
                .thenApply(census -> DrainForecast.of(settings.drain(), census, feed.laggingCursors()));
    }

    @Override
    public boolean sharesPort() {
        return settings.sharesPort();
    }

    public ServerSettings settings() {
        return settings;
    }

    /** The actor system, for programs that run actors and streams of their own beside the server. */
    public ActorSystem<?> system() {
        return system;
    }

    /**
     * Publishes a change.
     *
     * @return the position of the update when it is durable; fails with {@link DrainingException} once draining has begun,
     *     and with {@link PublishException} if the document is too large, the store failed or too many changes wait for their commit. When it fails,
     *     nobody is sent the update; where several nodes share the feed, it may also fail because that is not known, as its message says.
     */
    public CompletionStage<Position> publish(Change change) {
        return publish(change, Precondition.none());
    }

    /**
     * Publishes a change if its document is as {@code precondition} asks when the change's turn comes: of all who change a
     * document on condition that it is still at one position, one succeeds.
     *
     * @return the position of the update when it is durable, which is the document's position from then on; fails with
     *     {@link PreconditionFailedException} if the precondition does not hold, and as {@link #publish(Change)} does
     */
    public CompletionStage<Position> publish(Change change, Precondition precondition) {
        return PublishResult.of(feed, change, precondition, null, callbacks);
    }

    /**
     * Publishes a change as {@link #publish(Change, Precondition)} does, once, however often and on however many nodes it is sent with
     * that id.
     *
     * @param id the publisher gives it to no other change of the document
     * @return if it was taken before, the position that it had then
     */
    public CompletionStage<Position> publish(Change change, Precondition precondition, PublicationId id) {
        return PublishResult.of(feed, change, precondition, id, callbacks);
    }

    /** Why changes are refused now; null if they are taken. Has a store that failed tried again. */
    @Override
    public @Nullable String writeFailure() {
        feed.probe();
        return feed.storeFailure();
    }

    @Override
    public @Nullable String lag() {
        return feed.trouble();
    }

    /**
     * Reads one document, with all that was acknowledged before the call; where several nodes share the feed, on this one.
     *
     * <p>Reads wait for a thread in a queue without a limit: wait for some before you ask for more.
     *
     * @return empty if there is no such document; fails with {@link ReadException} if the store cannot be read, or is closed
     */
    public CompletionStage<Optional<StoredDocument>> read(Collection collection, Key key) {
        return callbacks.of(feed.read(collection, key).exceptionally(failure -> {
            throw new ReadException(failure);
        }));
    }

    /** Like {@link #read(Collection, Key)}, for who has the names as text. */
    public CompletionStage<Optional<StoredDocument>> read(String collection, String key) {
        return read(new Collection(collection), new Key(key));
    }

    /** Like {@link #follow(Selection, Position, boolean)}, beginning with the documents, with every step. */
    public Follower follow(Selection selection) {
        return follow(selection, null, false);
    }

    /**
     * Follows what is selected from within the program, with the events that a client gets that sends {@code follow}.
     *
     * <p>A follower that is slow costs nothing and loses nothing. When the server ends it gets what was committed, then a
     * goodbye: whoever waits for it without end would wait for ever otherwise. Close it.
     *
     * @param after the position that it goes on from; null if it begins with the documents
     * @param latest whether steps that it was too slow for, or was away for, may be left out
     */
    public Follower follow(Selection selection, @Nullable Position after, boolean latest) {
        Follower follower = Follower.open(
                feed, settings.connection(), System::nanoTime, selection, after, latest, followers::remove);
        followers.add(follower);
        // Who was added before the end is seen by who ends them all; who is added later sees the end.
        if (feed.isDrained() || shutdownOrder.report().toCompletableFuture().isDone()) {
            follower.end();
        }
        return follower;
    }

    private void endFollowers() {
        followers.forEach(Follower::end);
    }

    /**
     * Begins the clean end: unbinds, drains every connection, closes the store, ends the actor system.
     *
     * @param reason names the trigger in the log and in the report
     * @return the report when all is over; repeated calls give the same one, and the first reason stands
     */
    public CompletionStage<DrainReport> drain(String reason) {
        shutdownOrder.begin(reason, Duration.ZERO);
        return whenTerminated();
    }

    @Override
    public int beginDrain(String reason) {
        return beginDrain(reason, Duration.ZERO);
    }

    @Override
    public int beginDrain(String reason, Duration announce) {
        return shutdownOrder.begin(reason, announce);
    }

    /**
     * Makes a server run on whose end is still being announced; a later {@link #drain} begins anew. A stage that the cancelled
     * one returned completes when the server ends at last.
     *
     * @throws IllegalStateException that says why the end cannot be cancelled (any more)
     */
    @Override
    public void cancelDrain() {
        shutdownOrder.cancel();
    }

    /** Like {@link #beginDrain}, for a server that is bound beside this one: nothing is announced, it waits. */
    @Override
    public void handOver() {
        shutdownOrder.handOver();
    }

    /** Has {@link #reload} read the settings anew as well; once. Without this they stay what they were at the start. */
    public void readSettingsFrom(SettingsSource source) {
        settingsReader.accept(source);
    }

    @Override
    public CompletionStage<List<Reloader.Outcome>> reload(String reason) {
        return callbacks.of(reloader.reload(reason));
    }

    /** What there is in each collection. */
    @Override
    public CompletionStage<CollectionSizes> collections() {
        return callbacks.of(feed.collections(Selection.ALL));
    }

    @Override
    public CompletionStage<FeedLog.Compacted> compact() {
        return callbacks.of(feed.compact());
    }

    @Override
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    @Override
    public Audit audit() {
        return audit;
    }

    @Override
    public void force(String reason) {
        shutdownOrder.force(reason);
    }

    /** The report as soon as all connections have ended. */
    @Override
    public CompletionStage<DrainReport> report() {
        return callbacks.of(shutdownOrder.report());
    }

    /** The report when the server has ended, by whatever trigger. */
    public CompletionStage<DrainReport> whenTerminated() {
        return terminated;
    }

    /**
     * Waits until the server has ended, by whatever trigger, but no longer than {@code drain.total} once nothing can make it
     * run on: for whoever can end the process.
     */
    public DrainReport awaitEnd() throws OverrunException {
        return shutdownOrder.awaitEnd();
    }

    /** Drains and waits for the end. */
    @Override
    public void close() {
        shutdownOrder.begin("close", Duration.ZERO);
        // Not behind what hangs on the stages that the program has.
        shutdownOrder.whenTerminated().toCompletableFuture().join();
    }
}
