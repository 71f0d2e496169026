package io.tidegate.server;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.Patterns;
import io.tidegate.connection.CloseReason;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.LedgerTotals;
import io.tidegate.control.Jmx;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLog;
import io.tidegate.listener.Listener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in which phase of the coordinated shutdown, in order:
 *
 * <pre>
 *  before-service-unbind          announce: wait, still accepting
 *  service-unbind                 unbind the listeners, all at once
 *  service-requests-done          commit what was accepted ─► shut every connection down ─► all ended, or the deadline
 *  before-actor-system-terminate  close the store, take the bean out of JMX, report
 * </pre>
 *
 * <p>Every trigger runs this same shutdown, the first one's reason stands. The tasks run on Akka's internal dispatcher and
 * never block.
 */
final class ShutdownOrder {

    private static final Logger log = LoggerFactory.getLogger(ShutdownOrder.class);

    private record Trigger(String text) implements CoordinatedShutdown.Reason {
        @Override
        public String toString() {
            return text;
        }
    }

    private final DrainSettings settings;
    private final ActorSystem<?> system;
    private final List<Listener> listeners;
    private final Feed feed;
    private final FeedLog feedLog;
    private final ActorRef<ConnectionManager.Command> manager;

    private final CompletableFuture<Done> forced = new CompletableFuture<>();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();
    private final CompletionStage<DrainReport> terminated;
    private volatile long startedNanos = System.nanoTime();
    private volatile State state = State.RUNNING;
    private volatile LedgerTotals drained = LedgerTotals.NONE;

    ShutdownOrder(
            DrainSettings settings,
            ActorSystem<?> system,
            List<Listener> listeners,
            Feed feed,
            FeedLog feedLog,
            ActorRef<ConnectionManager.Command> manager) {
        this.settings = settings;
        this.system = system;
        this.listeners = listeners;
        this.feed = feed;
        this.feedLog = feedLog;
        this.manager = manager;
        terminated = system.getWhenTerminated().thenCompose(done -> report);
    }

    /** Puts every task into its phase. */
    void register(Jmx jmx) {
        for (Listener listener : listeners) {
            listener.ended().whenComplete((done, failure) -> listenerEnded(listener, failure));
        }
        add(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "announce", this::announce);
        add(CoordinatedShutdown.PhaseServiceUnbind(), "unbind", this::unbind);
        add(CoordinatedShutdown.PhaseServiceRequestsDone(), "drain", this::drain);
        add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close", () -> close(jmx));
    }

    /** A listener that ended by itself leaves a server that nobody can reach: better to end, and be started anew. */
    private void listenerEnded(Listener listener, Throwable failure) {
        if (state != State.DRAINING && state != State.TERMINATED) {
            log.error("The {} listener ended by itself", listener.name(), failure);
            begin("listener failure");
        }
    }

    private void add(String phase, String name, Supplier<CompletionStage<Done>> task) {
        CoordinatedShutdown.get(system).addTask(phase, "tidegate-" + name, task);
    }

    State state() {
        return state;
    }

    CompletionStage<DrainReport> whenTerminated() {
        return terminated;
    }

    void begin(String reason) {
        var unused = CoordinatedShutdown.get(system).runAll(new Trigger(reason));
    }

    /** Ends every wait of the drain. */
    void force(String reason) {
        log.warn("Forced by {}: aborting what is left", reason);
        forced.complete(Done.getInstance());
        begin(reason);
        manager.tell(new ConnectionManager.AbortAll(CloseReason.ABORTED));
    }

    private CompletionStage<Done> announce() {
        startedNanos = System.nanoTime();
        log.info("Stopping: {}", reason());
        if (settings.announce().isZero()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        state = State.ANNOUNCING;
        return after(settings.announce()).applyToEither(forced, done -> done);
    }

    private CompletionStage<Done> after(Duration delay) {
        return Patterns.after(
                delay,
                system.classicSystem().scheduler(),
                system.executionContext(),
                () -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    private CompletionStage<Done> unbind() {
        state = State.DRAINING;
        CompletableFuture<?>[] unbound = listeners.stream()
                .map(listener -> listener.unbind().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(unbound).thenApply(all -> {
            log.info("Listeners unbound");
            return Done.getInstance();
        });
    }

    private CompletionStage<Done> drain() {
        long begunNanos = System.nanoTime();
        return committed().thenCompose(done -> {
            Duration left = settings.timeout().minusNanos(System.nanoTime() - begunNanos);
            return drainConnections(left.isNegative() || forced.isDone() ? Duration.ZERO : left);
        });
    }

    /** Half of the time at most: a stuck store must not keep followers from what they can still get. */
    private CompletionStage<Done> committed() {
        CompletionStage<Done> patience = after(settings.timeout().dividedBy(2)).applyToEither(forced, done -> done);
        return feed.drain()
                .thenApply(head -> Done.getInstance())
                .applyToEither(patience.thenApply(done -> abandonCommit()), done -> done);
    }

    private Done abandonCommit() {
        if (!feed.isDrained()) {
            log.error("The store did not finish its last commit in time: those changes are not acknowledged");
            feed.abandon();
        }
        return Done.getInstance();
    }

    private CompletionStage<Done> drainConnections(Duration timeout) {
        return AskPattern.<ConnectionManager.Command, LedgerTotals>ask(
                        manager,
                        replyTo -> new ConnectionManager.Drain(
                                timeout, settings.spread(), settings.reconnectsPerSecond(), replyTo),
                        timeout.plus(Duration.ofSeconds(2)),
                        system.scheduler())
                .thenApply(result -> {
                    drained = result;
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> close(Jmx jmx) {
        var result = new DrainReport(
                reason(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                drained,
                forced.isDone(),
                feed.committedUpdates(),
                feed.head());
        // Before anything that could get stuck: the report is owed in any case.
        report.complete(result);
        state = State.TERMINATED;
        jmx.close();
        log.info("{}", result);
        return CompletableFuture.runAsync(feedLog::close, system.dispatchers().lookup(Dispatchers.READ))
                .thenApply(closed -> Done.getInstance());
    }

    private String reason() {
        return CoordinatedShutdown.get(system)
                .getShutdownReason()
                .map(ShutdownOrder::shown)
                .orElse("unknown");
    }

    private static String shown(CoordinatedShutdown.Reason reason) {
        return reason instanceof Trigger
                ? reason.toString()
                : reason.getClass().getSimpleName().replaceAll("Reason\\$?$", "");
    }
}
