package io.tidegate.server;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import io.tidegate.access.Access;
import io.tidegate.access.Allowances;
import io.tidegate.admin.AdminListener;
import io.tidegate.admin.Build;
import io.tidegate.admin.ConnectionsBean;
import io.tidegate.admin.Jmx;
import io.tidegate.admin.ServerBean;
import io.tidegate.checkpoint.Checkpoints;
import io.tidegate.connection.Carriers;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.Connections;
import io.tidegate.connection.Elsewhere;
import io.tidegate.connection.LineEvents;
import io.tidegate.connection.LineProtocol;
import io.tidegate.connection.Offer;
import io.tidegate.connection.PlainStage;
import io.tidegate.connection.Protocol;
import io.tidegate.connection.Tls;
import io.tidegate.connection.Welcome;
import io.tidegate.drain.DrainCourse;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainSettings;
import io.tidegate.drain.ShutdownOrder;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Order;
import io.tidegate.http.Callers;
import io.tidegate.http.FeedRoutes;
import io.tidegate.http.ForwardedFor;
import io.tidegate.http.HttpProtocol;
import io.tidegate.http.Tickets;
import io.tidegate.ledger.Ledger;
import io.tidegate.listener.AddressLimits;
import io.tidegate.listener.Admission;
import io.tidegate.listener.Listener;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.metrics.Metrics;
import io.tidegate.reload.Reloader;
import io.tidegate.shared.SharedOrder;
import io.tidegate.tls.Certificates;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a server of its parts, one after the other; if that fails, closes those that there are, the last one first. */
final class Startup implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Startup.class);

    /** Until when certificates are valid goes by the time of the day. */
    private static final InstantSource WALL_CLOCK = InstantSource.system();

    private final ServerSettings settings;
    private final LongSupplier nanoClock;
    private final ClientIdentities clients;
    private final Deque<Runnable> opened = new ArrayDeque<>();
    private final ActorSystem<Void> system;
    private final ListenerCertificates certificates;
    private final Config complete;
    private final Reloader reloader;
    private final Auditing auditing;
    private final Allowances allowances;
    private final Welcome welcome;

    /** @param told knows who clients are; null if the settings say that */
    private Startup(Config complete, ServerSettings settings, LongSupplier nanoClock, @Nullable Access told)
            throws StartException {
        this.complete = complete;
        certificates = ListenerCertificates.load(settings, WALL_CLOCK);
        auditing = opened(Auditing.open(settings.audit(), WALL_CLOCK, nanoClock), each -> each.audit()
                .close());
        this.settings = settings;
        this.nanoClock = nanoClock;
        allowances = new Allowances(settings.access().limits(), nanoClock);
        try {
            system = AkkaSettings.start(complete, settings, made -> opened(made, Startup::terminate));
            Executor reading = system.dispatchers().lookup(Dispatchers.READ);
            welcome = new Welcome(
                    system.dispatchers().lookup(Dispatchers.WELCOME),
                    system.dispatchers().lookup(Dispatchers.CONNECTIONS),
                    settings.handshakesWaiting());
            clients = told == null
                    ? ClientIdentities.open(settings.access(), welcome, reading, WALL_CLOCK, nanoClock)
                    : ClientIdentities.of(told);
            reloader = new Reloader(
                    Stream.concat(certificates.all().stream(), clients.files().stream())
                            .map(auditing::of)
                            .toList(),
                    reading);
        } catch (StartException | RuntimeException | Error e) {
            // Nobody has it yet who could.
            close();
            throw e;
        }
    }

    /**
     * Starts a server on a store.
     *
     * @param complete with all defaults
     */
    static Tidegate start(Config complete, ServerSettings settings, Data.Store store) throws StartException {
        return start(complete, settings, store, System::nanoTime, null);
    }

    /**
     * Starts a server that lives by a clock of its own; the other half of its time are the timers of Akka's scheduler.
     *
     * @param nanoClock goes on steadily, and is never 0
     * @param access knows who clients are; null if the settings say that
     */
    static Tidegate start(
            Config complete, ServerSettings settings, Data.Store store, LongSupplier nanoClock, @Nullable Access access)
            throws StartException {
        try (var startup = new Startup(complete, settings, nanoClock, access)) {
            Admin admin = startup.admin();
            Data data = Data.open(store, settings, startup.system, startup::opened);
            return startup.server(data, startup.listeners(), admin, () -> {});
        }
    }

    /** Starts a server on the store of one that runs: bound beside it, it waits for the store. */
    static Tidegate takeOver(Config complete, ServerSettings settings, Predecessor predecessor) throws StartException {
        Takeover takeover = Takeover.prepare(settings, predecessor);
        try (var startup = new Startup(complete, settings, System::nanoTime, null)) {
            Admin admin = startup.admin();
            Listeners listeners = startup.listeners();
            Data data = Data.open(
                    where -> takeover.receiveStore(where, listeners), settings, startup.system, startup::opened);
            return startup.server(data, listeners, admin, takeover::succeeded);
        }
    }

    private <T> T opened(T part, Consumer<T> close) {
        opened.push(() -> close.accept(part));
        return part;
    }

    /** Nothing is left to close if there is a server, which ends in its own order. */
    @Override
    public void close() {
        for (Runnable part : opened) {
            try {
                part.run();
            } catch (RuntimeException e) {
                // The others are no less open for that.
                log.error("A part of the server that did not start cannot be closed", e);
            }
        }
    }

    private static void terminate(ActorSystem<?> system) {
        system.terminate();
        PlainStage.of(system.getWhenTerminated()).toCompletableFuture().join();
    }

    private boolean isOpen() {
        return clients.access().authenticator().isOpen();
    }

    /** The operators' side, and who of them needs nothing but the store's directory. */
    private record Admin(AdminListener listener, LocalOperator local, InetSocketAddress address) {}

    /** With threads of its own: it answers while all of the others are busy with clients. */
    private Admin admin() throws StartException {
        Listener bound = Listeners.bind(system, "admin", settings.admin().listener(), isOpen(), nanoClock);
        LocalOperator local = LocalOperator.beside(clients.access().authenticator(), bound.localAddress());
        AdminListener admin = opened(
                AdminListener.serve(
                        system,
                        Dispatchers.forOperators(system),
                        bound,
                        protocol -> offer(
                                protocol, certificates.admin(), settings.admin().listener()),
                        settings.admin(),
                        settings.httpLimits(),
                        settings.connection(),
                        local.access(clients.access()).telling(auditing.of("admin")),
                        nanoClock),
                each -> each.end().toCompletableFuture().join());
        Listeners.tell(bound);
        Exposure.of("admin", settings.admin().listener(), bound.localAddress(), isOpen())
                // All else takes the token of this run where nobody else is known.
                .tell("read the metrics");
        return new Admin(admin, local, bound.localAddress());
    }

    private Listeners listeners() throws StartException {
        return opened(Listeners.bind(system, settings, isOpen(), nanoClock), Listeners::turnAway);
    }

    /** @param served called when clients are served */
    private Tidegate server(Data data, Listeners listeners, Admin operators, Runnable served) {
        AdminListener admin = operators.listener();
        Carriers carriers = carriers();
        Feed feed = feed(data, carriers, admin.metrics());
        var ledger = new Ledger(settings.ledgerEntries(), auditing::ended);
        ActorRef<ConnectionManager.Command> manager = manager(feed, ledger);
        Admission admission = admission(ledger);
        Neighbours neighbours = neighbours(data, listeners, operators, feed);
        serve(listeners, feed, carriers, admission, manager, neighbours);
        served.run();
        neighbours.begin();
        var course = new DrainCourse(settings.drain(), ledger::open, nanoClock);
        Executor closing = system.dispatchers().lookup(Dispatchers.READ);
        Checkpoints checkpoints = checkpoints(data, closing);
        var parts = new ShutdownOrder.Parts(
                listeners.all(),
                feed,
                manager,
                ledger,
                () -> data.close(checkpoints::close, closing),
                () -> ended(admin));
        var shutdownOrder = new ShutdownOrder(system, course, parts);
        Connections connections = connections(manager, ledger);
        course.watch(neighbours);
        watch(admin.metrics(), feed, course);
        upkeep(admin, feed, checkpoints, closing);
        admin.metrics().watchConnections(connections::census, admission::refused, shutdownOrder::unaccepted);
        var server = new Tidegate(
                settings,
                feed,
                connections,
                system,
                listeners,
                admin,
                course,
                shutdownOrder,
                reloader,
                source -> reloader.add(
                        auditing.of(new LiveSettings(complete, source, told -> takeOver(told, admission)))),
                checkpoints,
                auditing.audit(),
                () -> neighbours.statuses(closing));
        register(server, course, shutdownOrder, leaveToken(operators));
        admin.serve(server);
        opened.clear();
        return server;
    }

    private Admission admission(Ledger ledger) {
        return Admission.create(settings.maxConnections(), "tidegate.connection.max-connections", ledger)
                .limiting(new AddressLimits(settings.addresses()));
    }

    private Connections connections(ActorRef<ConnectionManager.Command> manager, Ledger ledger) {
        DrainSettings drain = settings.drain();
        return new Connections(system, manager, ledger, drain.timeout(), drain.reconnectsPerSecond());
    }

    private Checkpoints checkpoints(Data data, Executor closing) {
        return new Checkpoints(data.store(), settings.storeDirectory(), settings.checkpoints(), closing, nanoClock);
    }

    private Neighbours neighbours(Data data, Listeners listeners, Admin operators, Feed feed) {
        var own = new OwnNode(
                settings, listeners.tcp().localAddress(), listeners.http().localAddress(), operators.address());
        return new Neighbours(own, data.order(), () -> feed.head().seq());
    }

    private CompletionStage<Done> ended(AdminListener admin) {
        return admin.end().whenComplete((done, failure) -> auditing.audit().close());
    }

    private void upkeep(AdminListener admin, Feed feed, Checkpoints checkpoints, Executor reading) {
        var upkeep = new Upkeep(system, admin.metrics());
        upkeep.ofFiles(reloader, certificates.all(), auditing.audit(), settings.reloadInterval(), WALL_CLOCK);
        upkeep.ofClients(clients.failures(), allowances, feed::isDraining);
        upkeep.ofCheckpoints(checkpoints, reading);
    }

    /** What can change while clients are served. */
    private void takeOver(ServerSettings told, Admission admission) {
        allowances.limit(told.access().limits());
        admission.limit(told.maxConnections(), told.addresses(), nanoClock.getAsLong());
        settings.httpGuard().become(told.httpGuard());
        settings.admin().guard().become(told.admin().guard());
    }

    /** In plain, or over TLS where there are certificates. */
    private Offer offer(Protocol protocol, Optional<Certificates> own, ListenerSettings listener) {
        return own.map(each -> Offer.secured(
                        protocol, new Tls(each::engine, listener.tls().handshakeTimeout(), welcome)))
                .orElseGet(() -> Offer.plain(protocol));
    }

    private Carriers carriers() {
        return new Carriers(
                system.dispatchers().lookup(Dispatchers.TURNS),
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    private Feed feed(Data data, Carriers carriers, Metrics metrics) {
        Executor commits = system.dispatchers().lookup(Dispatchers.COMMIT);
        SharedOrder shared = data.order();
        Order order = shared == null ? Feed.orderOfOne(settings.feed(), commits) : shared;
        var feed = new Feed(
                order,
                data.store(),
                settings.feed(),
                new LineEvents(),
                commits,
                system.dispatchers().lookup(Dispatchers.READ),
                carriers,
                metrics.commits());
        if (shared != null) {
            metrics.watchOrder(
                    shared::lag,
                    shared::underWay,
                    shared.counts()::renewals,
                    shared.counts()::fences,
                    shared.counts()::strays,
                    shared::isHalted);
        }
        log.info(
                "Store {} open at {}, durability {}",
                settings.store().directory().toAbsolutePath().normalize(),
                feed.head(),
                settings.store().durability());
        return feed;
    }

    /** A bug in the manager must neither end the server nor make it forget its connections. */
    private ActorRef<ConnectionManager.Command> manager(Feed feed, Ledger ledger) {
        return system.systemActorOf(
                Behaviors.supervise(ConnectionManager.create(feed.hub(), ledger, nanoClock))
                        .onFailure(SupervisorStrategy.resume()),
                "connections",
                // It hears of each connection twice from there, and a change of thread is most of what that costs.
                Dispatchers.CONNECTIONS);
    }

    private void serve(
            Listeners listeners,
            Feed feed,
            Carriers carriers,
            Admission admission,
            ActorRef<ConnectionManager.Command> manager,
            Elsewhere elsewhere) {
        var lines = new LineProtocol(feed, settings.connection(), access("tcp"), elsewhere, nanoClock);
        var tickets = new Tickets(settings.tickets(), clients.access().clock());
        Access web = access("http");
        var routes = new FeedRoutes(feed, lines, settings.connection(), settings.sockets(), tickets);
        var requests = new HttpProtocol(
                settings.httpGuard(),
                Callers.withBrowsers(web, tickets)
                        .behind(new ForwardedFor(settings.proxies().forwarding())),
                routes,
                settings.httpLimits(),
                feed::isDraining,
                nanoClock);
        listeners.serve(
                Dispatchers.forClients(system, carriers),
                offer(lines, certificates.tcp(), settings.tcp())
                        .behind(settings.proxies().ofTcp()),
                offer(requests, certificates.http(), settings.http())
                        .behind(settings.proxies().ofHttp()),
                settings.connection(),
                admission,
                manager);
    }

    /** The way in by a listener of the data. */
    private Access access(String listener) {
        return clients.access().telling(auditing.of(listener)).within(allowances);
    }

    private void watch(Metrics metrics, Feed feed, DrainCourse course) {
        metrics.watchBuild(Build.version(), Runtime.version().toString());
        metrics.watchState(DrainPhase.states(), () -> course.status().phase().state());
        metrics.watchDrain(
                () -> course.status().phase().number(), () -> course.status().stragglers(), () -> course.status()
                        .left());
        metrics.watchFeed(
                feed::status,
                () -> feed.head().epoch(),
                settings.store().durability().word());
    }

    /** Lets it be watched and ended from outside. Takes its time, and clients are served meanwhile. */
    private void register(Tidegate server, DrainCourse course, ShutdownOrder shutdownOrder, Runnable takeTokenAway) {
        var bean = new ServerBean(server);
        course.watch(bean);
        var beans = new CompletableFuture<Jmx>();
        // Before anybody can ask for the end, be it by a bean: its tasks have to be in their phases by then.
        shutdownOrder.register(() -> {
            var unused = beans.thenAccept(Jmx::close);
            takeTokenAway.run();
        });
        beans.complete(Jmx.register(
                bean,
                new ConnectionsBean(server.connections(), auditing.audit()),
                server.tcpAddress().getPort()));
    }

    private Runnable leaveToken(Admin operators) {
        return operators
                .local()
                .leaveIn(
                        settings.storeDirectory(),
                        settings.admin().listener().tls().isOn(),
                        operators.address());
    }
}
