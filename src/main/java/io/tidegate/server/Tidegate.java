package io.tidegate.server;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.SystemMaterializer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.admin.AdminListener;
import io.tidegate.admin.Build;
import io.tidegate.admin.ConnectionsBean;
import io.tidegate.admin.Jmx;
import io.tidegate.admin.Operations;
import io.tidegate.admin.ServerBean;
import io.tidegate.connection.Carriers;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.Connections;
import io.tidegate.connection.LineProtocol;
import io.tidegate.connection.PlainStage;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.StoredDocument;
import io.tidegate.drain.DrainCourse;
import io.tidegate.drain.DrainForecast;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.OverrunException;
import io.tidegate.drain.ShutdownOrder;
import io.tidegate.drain.State;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Publication;
import io.tidegate.http.FeedRoutes;
import io.tidegate.http.HttpLayer;
import io.tidegate.http.HttpProtocol;
import io.tidegate.ledger.Ledger;
import io.tidegate.listener.Admission;
import io.tidegate.listener.Listener;
import io.tidegate.metrics.Metrics;
import io.tidegate.rocksdb.RocksFeedLog;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Tidegate server: start it, publish into it, drain it.
 *
 * <pre>{@code
 * try (Tidegate server = Tidegate.start(ConfigFactory.parseString("tidegate { tcp.port = 0, http.port = 0, admin.port = 0 }"))) {
 *     server.publish(Change.put("orders", "o-17", "{\"qty\":5}")).toCompletableFuture().join();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Nothing but {@link #start} and {@link #close} blocks.
 */
public final class Tidegate implements Operations, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Tidegate.class);

    private final ServerSettings settings;
    private final Feed feed;
    private final Connections connections;
    private final ActorSystem<?> system;
    private final Listeners listeners;
    private final AdminListener admin;
    private final DrainCourse course;
    private final ShutdownOrder shutdownOrder;

    private Tidegate(
            ServerSettings settings,
            Feed feed,
            Connections connections,
            ActorSystem<?> system,
            Listeners listeners,
            AdminListener admin,
            DrainCourse course,
            ShutdownOrder shutdownOrder) {
        this.settings = settings;
        this.feed = feed;
        this.connections = connections;
        this.system = system;
        this.listeners = listeners;
        this.admin = admin;
        this.course = course;
        this.shutdownOrder = shutdownOrder;
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
        return start(complete, settings, () -> RocksFeedLog.open(settings.store()));
    }

    /** Opens a store. */
    interface Store {
        FeedLog open() throws FeedLogException;
    }

    /**
     * Starts a server on a store, which is closed if the start fails.
     *
     * @param complete with all defaults
     */
    static Tidegate start(Config complete, ServerSettings settings, Store store) throws StartException {
        ActorSystem<Void> system = system(settings, complete);
        AdminListener admin = null;
        FeedLog feedLog = null;
        try {
            admin = admin(system, settings);
            feedLog = open(store);
            return start(settings, feedLog, system, Listeners.bind(system, settings), admin)
                    .registered();
        } catch (StartException | RuntimeException e) {
            giveUp(admin, system, feedLog);
            throw e;
        }
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
        ServerSettings settings = ServerSettings.from(complete);
        Takeover takeover = Takeover.prepare(settings, predecessor);
        ActorSystem<Void> system = system(settings, complete);
        AdminListener admin = null;
        FeedLog feedLog = null;
        try {
            admin = admin(system, settings);
            Listeners listeners = Listeners.bind(system, settings);
            try {
                feedLog = takeover.receiveStore(listeners);
                Tidegate server = start(settings, feedLog, system, listeners, admin);
                takeover.succeeded();
                return server.registered();
            } catch (StartException | RuntimeException e) {
                listeners.turnAway();
                throw e;
            }
        } catch (StartException | RuntimeException e) {
            giveUp(admin, system, feedLog);
            throw e;
        }
    }

    private static ActorSystem<Void> system(ServerSettings settings, Config complete) {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "tidegate",
                ConfigFactory.parseMap(settings.drain().phaseTimeouts()).withFallback(complete));
        Dispatchers.startThreads(system);
        return system;
    }

    private static AdminListener admin(ActorSystem<?> system, ServerSettings settings) throws StartException {
        Listener bound = Listeners.bind(system, "admin", settings.admin().listener());
        AdminListener admin =
                AdminListener.serve(system, bound, settings.admin(), settings.httpLimits(), settings.connection());
        Listeners.tell(bound, "see and end all connections, and stop the server");
        return admin;
    }

    /** Ends what a failed start has begun. */
    private static void giveUp(@Nullable AdminListener admin, ActorSystem<?> system, @Nullable FeedLog feedLog) {
        if (admin != null) {
            admin.end().toCompletableFuture().join();
        }
        system.terminate();
        PlainStage.of(system.getWhenTerminated()).toCompletableFuture().join();
        if (feedLog != null) {
            feedLog.close();
        }
    }

    private static FeedLog open(Store store) throws StartException {
        try {
            return store.open();
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Tidegate start(
            ServerSettings settings,
            FeedLog feedLog,
            ActorSystem<Void> system,
            Listeners listeners,
            AdminListener admin) {
        Carriers carriers = carriers(system);
        Metrics metrics = admin.metrics();
        var feed = new Feed(
                feedLog,
                settings.feed(),
                new LineEvents(),
                system.dispatchers().lookup(Dispatchers.COMMIT),
                system.dispatchers().lookup(Dispatchers.READ),
                carriers,
                metrics.commits());
        var ledger = new Ledger(settings.ledgerEntries());
        ActorRef<ConnectionManager.Command> manager =
                system.systemActorOf(supervised(feed, ledger), "connections", Props.empty());
        log.info(
                "Store {} open at {}, durability {}",
                settings.store().directory().toAbsolutePath().normalize(),
                feed.head(),
                settings.store().durability());
        Admission admission =
                Admission.create(settings.maxConnections(), "tidegate.connection.max-connections", ledger);
        var lines = new LineProtocol(feed, settings.connection(), carriers);
        var routes = new FeedRoutes(
                feed,
                lines,
                settings.connection(),
                settings.sockets(),
                SystemMaterializer.get(system).materializer());
        var requests = new HttpProtocol(
                HttpLayer.create(system, settings.httpLimits()),
                settings.httpGuard(),
                routes,
                settings.httpLimits(),
                feed::isDraining);
        listeners.serve(lines, requests, settings.connection(), admission, manager);
        var course = new DrainCourse(settings.drain(), ledger::open);
        var shutdownOrder = new ShutdownOrder(
                settings.drain(),
                system,
                listeners.all(),
                feed,
                feedLog,
                manager,
                course,
                system.dispatchers().lookup(Dispatchers.READ),
                admin::end);
        var connections = new Connections(
                system,
                manager,
                ledger,
                settings.drain().timeout(),
                settings.drain().reconnectsPerSecond());
        metrics.watchBuild(Build.version(), Runtime.version().toString());
        metrics.watchState(State.codes(), () -> course.status().phase().state().code());
        metrics.watchDrain(
                () -> course.status().phase().number(), () -> course.status().stragglers(), () -> course.status()
                        .left());
        metrics.watchFeed(
                feed::status, feed.head().epoch(), settings.store().durability().word());
        metrics.watchConnections(connections::census, admission::refused, shutdownOrder::unaccepted);
        return new Tidegate(settings, feed, connections, system, listeners, admin, course, shutdownOrder);
    }

    /** Lets it be watched and ended from outside. Takes its time, and clients are served meanwhile. */
    private Tidegate registered() {
        var bean = new ServerBean(this);
        course.watch(bean);
        shutdownOrder.register(Jmx.register(
                bean,
                new ConnectionsBean(connections),
                listeners.tcp().localAddress().getPort())::close);
        admin.serve(this);
        return this;
    }

    /** A bug in the manager must neither end the server nor make it forget its connections. */
    private static Behavior<ConnectionManager.Command> supervised(Feed feed, Ledger ledger) {
        return Behaviors.supervise(ConnectionManager.create(feed.hub(), ledger)).onFailure(SupervisorStrategy.resume());
    }

    private static Carriers carriers(ActorSystem<?> system) {
        return new Carriers(
                system.dispatchers().lookup(DispatcherSelector.defaultDispatcher()),
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
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

    /** Where the server is in its life. */
    @Override
    public State state() {
        return course.status().phase().state();
    }

    /** How far the drain is. */
    @Override
    public DrainStatus drainStatus() {
        return course.status();
    }

    /** What a stop would take if it was begun now; fails if the server has ended. */
    @Override
    public CompletionStage<DrainForecast> forecast() {
        return connections
                .standing()
                .thenApply(standing -> DrainForecast.of(settings.drain(), standing, feed.laggingCursors()));
    }

    @Override
    public boolean sharesPort() {
        return settings.sharesPort();
    }

    public ServerSettings settings() {
        return settings;
    }

    /** The actor system, for programs that run actors and streams of their own beside the server. */
    @Override
    public ActorSystem<?> system() {
        return system;
    }

    /**
     * Publishes a change.
     *
     * @return the position of the update when it is durable; fails with {@link DrainingException} once draining has begun,
     *     and with {@link PublishException} if the document is too large, the store failed or too many changes wait for their commit. When it fails,
     *     nobody is sent the update.
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
        var result = new PublishResult();
        if (!feed.hasRoom()) {
            result.completeExceptionally(
                    new PublishException("too many changes wait for their commit: slow down, then try again"));
            return result;
        }
        result.waitFor(feed.publish(change, precondition, result::settle));
        return result;
    }

    /** Completes with the outcome of a publication, whichever of {@code waitFor} and {@code settle} comes last. */
    private final class PublishResult extends CompletableFuture<Position> {

        private volatile @Nullable Publication publication;

        void waitFor(Publication started) {
            publication = started;
            settle();
        }

        void settle() {
            Publication settled = publication;
            if (settled == null || !settled.isSettled()) {
                return;
            }
            Publication.Refusal refusal = settled.refusal();
            if (refusal == null) {
                complete(feed.positionAt(settled.seq()));
            } else {
                completeExceptionally(
                        switch (refusal) {
                            case DRAINING -> new DrainingException();
                            case TOO_LARGE ->
                                new PublishException("the document is longer than " + feed.documentLimit());
                            case PRECONDITION_FAILED -> new PreconditionFailedException(settled.current());
                            case STORE_FAILED -> new PublishException(storeFailure());
                            case STORE_DAMAGED ->
                                new PublishException(
                                        "the change was not taken: the store is damaged, to try again does not help");
                        });
            }
        }
    }

    /** Why changes are refused now; null if they are taken. Has a store that failed tried again. */
    @Override
    public @Nullable String writeFailure() {
        feed.probe();
        return feed.storeFailure();
    }

    private String storeFailure() {
        String reason = feed.storeFailure();
        return reason == null
                ? "the store could not take the change: try again"
                : "the store could not take the change: " + reason;
    }

    /**
     * Reads one document, with all that was acknowledged before the call.
     *
     * <p>Reads wait for a thread in a queue without a limit: wait for some before you ask for more.
     *
     * @return empty if there is no such document; fails with {@link ReadException} if the store cannot be read, or is closed
     */
    public CompletionStage<Optional<StoredDocument>> read(Collection collection, Key key) {
        return feed.read(collection, key).exceptionally(failure -> {
            throw new ReadException(failure);
        });
    }

    /** Like {@link #read(Collection, Key)}, for who has the names as text. */
    public CompletionStage<Optional<StoredDocument>> read(String collection, String key) {
        return read(new Collection(collection), new Key(key));
    }

    /**
     * Begins the clean end: unbinds, drains every connection, closes the store, ends the actor system.
     *
     * @param reason names the trigger in the log and in the report
     * @return the report when all is over; repeated calls give the same one, and the first reason stands
     */
    public CompletionStage<DrainReport> drain(String reason) {
        shutdownOrder.begin(reason);
        return whenTerminated();
    }

    @Override
    public int beginDrain(String reason) {
        return shutdownOrder.begin(reason);
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

    @Override
    public void force(String reason) {
        shutdownOrder.force(reason);
    }

    /** The report as soon as all connections have ended. */
    @Override
    public CompletionStage<DrainReport> report() {
        return shutdownOrder.report();
    }

    /** The report when the server has ended, by whatever trigger. */
    public CompletionStage<DrainReport> whenTerminated() {
        return shutdownOrder.whenTerminated();
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
        drain("close").toCompletableFuture().join();
    }
}
