package io.tidegate.admin;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import io.tidegate.access.Access;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Offer;
import io.tidegate.connection.PlainStage;
import io.tidegate.connection.Protocol;
import io.tidegate.connection.Threads;
import io.tidegate.feed.Hub;
import io.tidegate.http.Callers;
import io.tidegate.http.HttpProtocol;
import io.tidegate.http.HttpSettings;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.listener.Admission;
import io.tidegate.listener.Listener;
import io.tidegate.metrics.Metrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener for operators: bound before the store is opened, gone after it was closed.
 *
 * <p>It has a manager and a ledger of its own: its connections take no place of a client, stand in no list of the clients, and
 * outlive the drain of these.
 */
public final class AdminListener {

    /** Longer than a client needs that closes when it sees the end of the stream; who does not is reset. */
    private static final Duration END_TIMEOUT = Duration.ofMillis(500);

    /** What the manager answers beyond it, it answers too late. */
    private static final Duration PATIENCE = END_TIMEOUT.plusSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(AdminListener.class);

    private final ActorSystem<?> system;
    private final Listener listener;
    private final ActorRef<ConnectionManager.Command> manager;
    private final AdminRoutes routes;
    private final Metrics metrics;

    private AdminListener(
            ActorSystem<?> system,
            Listener listener,
            ActorRef<ConnectionManager.Command> manager,
            AdminRoutes routes,
            Metrics metrics) {
        this.system = system;
        this.listener = listener;
        this.manager = manager;
        this.routes = routes;
        this.metrics = metrics;
    }

    /**
     * Answers from now on.
     *
     * @param threads work for its connections
     * @param access knows who may operate the server
     */
    public static AdminListener serve(
            ActorSystem<?> system,
            Threads threads,
            Listener listener,
            Function<Protocol, Offer> offering,
            AdminSettings settings,
            HttpSettings limits,
            ConnectionSettings connections,
            Access access,
            LongSupplier nanoClock) {
        Metrics metrics = Metrics.create();
        var routes = new AdminRoutes(metrics, settings.openMetrics());
        var ledger = new Ledger(1);
        ActorRef<ConnectionManager.Command> manager =
                system.systemActorOf(manager(ledger, nanoClock), "admin-connections", Props.empty());
        // The drain of the clients is none of its own: it answers up to its end.
        listener.serve(
                threads,
                offering.apply(
                        new HttpProtocol(settings.guard(), Callers.of(access), routes, limits, () -> false, nanoClock)),
                connections,
                Admission.makingRoom(settings.maxConnections(), "tidegate.admin.max-connections", ledger),
                manager);
        return new AdminListener(system, listener, manager, routes, metrics);
    }

    /** Nobody follows anything here: the hub stays empty. */
    private static Behavior<ConnectionManager.Command> manager(Ledger ledger, LongSupplier nanoClock) {
        var hub = new Hub(new Hub.Settings(16, 0), 0);
        return Behaviors.supervise(ConnectionManager.create(hub, ledger, nanoClock))
                .onFailure(SupervisorStrategy.resume());
    }

    public Metrics metrics() {
        return metrics;
    }

    /** From now on the server is there. */
    public void serve(Operations server) {
        routes.serve(server);
    }

    public InetSocketAddress localAddress() {
        return listener.localAddress();
    }

    /** Unbinds, finishes the answers under way, and ends every connection. Never fails. */
    public CompletionStage<Done> end() {
        return listener.unbind(END_TIMEOUT).thenCompose(done -> drain()).handle((totals, failure) -> {
            if (failure != null) {
                log.warn("The admin connections did not end in time", failure);
            }
            return Done.getInstance();
        });
    }

    private CompletionStage<LedgerTotals> drain() {
        return PlainStage.of(AskPattern.ask(
                manager,
                replyTo -> new ConnectionManager.Drain(END_TIMEOUT, Duration.ZERO, 1, replyTo),
                PATIENCE,
                system.scheduler()));
    }
}
