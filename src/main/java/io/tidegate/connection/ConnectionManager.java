package io.tidegate.connection;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.tidegate.document.Counted;
import io.tidegate.feed.Hub;
import io.tidegate.ledger.Census;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows every live connection, holds the hub that they follow, and drains them at shutdown.
 *
 * <p>Connections run by themselves; the manager hears of each one twice, when it opened and when it ended.
 */
public final class ConnectionManager extends AbstractBehavior<ConnectionManager.Command> {

    public sealed interface Command {}

    /** A connection was accepted and its flow runs. */
    public record Opened(Connection connection) implements Command {}

    /** Asks for the hub that connections subscribe to. */
    public record GetHub(ActorRef<Hub> replyTo) implements Command {}

    /**
     * Shuts all connections down, and those that open later at once.
     *
     * <p>The reply, sums over those that ended since, comes when all have ended. Repeating it changes nothing but adds an answer.
     *
     * @param timeout connections still open after this long are aborted
     * @param spread the shutdowns are spread evenly over this long; zero does them at once
     * @param reconnectPerSecond how many clients a second are invited to come back
     */
    public record Drain(Duration timeout, Duration spread, int reconnectPerSecond, ActorRef<LedgerTotals> replyTo)
            implements Command {}

    /** Aborts every connection at once. */
    public record AbortAll(CloseReason reason) implements Command {}

    /** Asks how the open connections stand. */
    public record GetOpen(ActorRef<List<ConnectionStatus>> replyTo) implements Command {}

    /** Asks for the sums over all connections. */
    public record GetCensus(ActorRef<Census> replyTo) implements Command {}

    /**
     * Ends connections, and answers to how many that applied.
     *
     * @param deadline after a shutdown or close, those that have not ended after this long are aborted
     * @param reconnectPerSecond how many clients a second are invited to come back after a shutdown
     */
    public record End(Which which, Verb how, Duration deadline, int reconnectPerSecond, ActorRef<Integer> replyTo)
            implements Command {}

    private record Overdue(List<Long> ids) implements Command {}

    private record Ended(Connection connection, Ending ending, int checks) implements Command {}

    private record CheckReleases() implements Command {}

    private record Sweep() implements Command {}

    private record CheckDeliveries() implements Command {}

    private record ShutdownNext() implements Command {}

    private record DeadlineReached() implements Command {}

    private record LastResort() implements Command {}

    /** A drain under way; the counts are those from before it. */
    private record Drainage(Drain order, long startNanos, int clients, LedgerTotals before, Slots slots) {}

    /** How often timeouts and heartbeats are looked after; they are exact to this. */
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    /** A client that takes longer to end when it was told to is counted as one that does not. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How often it is looked, while a drain waits for it, whether clients have everything. */
    private static final Duration DELIVERY_CHECK_INTERVAL = Duration.ofMillis(100);

    private static final Duration SPREAD_STEP = Duration.ofMillis(10);

    /** An abort takes a few messages; a socket that is open after this long is taken away. */
    private static final Duration LAST_RESORT_AFTER = Duration.ofMillis(500);

    /** A socket closes a message or two after its stream has ended; after so many looks it is taken away. */
    private static final Duration RELEASE_CHECK_INTERVAL = Duration.ofMillis(10);

    private static final int RELEASE_CHECKS = 300;

    private static final Logger log = LoggerFactory.getLogger(ConnectionManager.class);

    private final Hub hub;
    private final Ledger ledger;
    private final TimerScheduler<Command> timers;
    private final LongSupplier nanoClock;
    private final Map<Long, Connection> open = new HashMap<>();

    /** When those that were told to end were told. */
    private final Map<Long, Long> toldNanos = new HashMap<>();

    /** Their streams are over, their sockets are not closed yet. */
    private final ArrayDeque<Ended> releasing = new ArrayDeque<>();

    private final ArrayDeque<Connection> toShutDown = new ArrayDeque<>();
    private final ArrayDeque<ActorRef<LedgerTotals>> drainedListeners = new ArrayDeque<>();
    private @Nullable Drainage drainage;
    private boolean deadlineReached;

    /** Turns of the drain that were taken, also those of clients that had left before. */
    private int turns;

    /**
     * The manager of one server's connections.
     *
     * @param hub what connections follow
     * @param ledger written by this actor only
     */
    public static Behavior<Command> create(Hub hub, Ledger ledger) {
        return create(hub, ledger, System::nanoTime);
    }

    /**
     * A manager that lives by a clock of its own.
     *
     * @param nanoClock tells the time, which is never 0
     */
    public static Behavior<Command> create(Hub hub, Ledger ledger, LongSupplier nanoClock) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ConnectionManager(context, timers, hub, ledger, nanoClock)));
    }

    private ConnectionManager(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Hub hub,
            Ledger ledger,
            LongSupplier nanoClock) {
        super(context);
        this.timers = timers;
        this.nanoClock = nanoClock;
        this.hub = hub;
        this.ledger = ledger;
        timers.startTimerWithFixedDelay(new Sweep(), SWEEP_INTERVAL);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(CheckReleases.class, check -> onCheckReleases())
                .onMessage(GetHub.class, this::onGetHub)
                .onMessage(GetOpen.class, this::onGetOpen)
                .onMessage(GetCensus.class, this::onGetCensus)
                .onMessage(End.class, this::onEnd)
                .onMessage(Overdue.class, this::onOverdue)
                .onMessage(Sweep.class, sweep -> onSweep())
                .onMessage(Drain.class, this::onDrain)
                .onMessage(CheckDeliveries.class, check -> onCheckDeliveries())
                .onMessage(ShutdownNext.class, next -> onShutdownNext())
                .onMessage(DeadlineReached.class, deadline -> onDeadlineReached())
                .onMessage(LastResort.class, last -> onLastResort())
                .onMessage(AbortAll.class, this::onAbortAll)
                .build();
    }

    private Behavior<Command> onOpened(Opened opened) {
        Connection connection = opened.connection();
        open.put(connection.id(), connection);
        ledger.opened();
        log.debug("Connection {} opened", connection);
        getContext().pipeToSelf(connection.ended(), (ending, failure) -> new Ended(connection, ending, 0));
        if (deadlineReached) {
            connection.abort(CloseReason.DEADLINE);
        } else if (drainage != null) {
            // Accepted just before the listener unbound; without this it would outlive the drain.
            shutDown(connection, drainage.slots().next());
        }
        return this;
    }

    private void shutDown(Connection connection, Duration slot) {
        toldNanos.putIfAbsent(connection.id(), nanoClock.getAsLong());
        connection.shutdown(slot);
    }

    private Behavior<Command> onEnded(Ended ended) {
        settle(ended);
        return replyIfDrained();
    }

    /** One look at all of them: when thousands end at once, a timer for each would cost more than their end. */
    private Behavior<Command> onCheckReleases() {
        for (int left = releasing.size(); left > 0; left--) {
            settle(releasing.remove());
        }
        return replyIfDrained();
    }

    /**
     * Forgets a connection when its socket is closed.
     *
     * <p>When the stream is over, the socket's actor still has to close it: if the system ended now, the tail of what was sent
     * would be cut by a RST.
     */
    private void settle(Ended ended) {
        Connection connection = ended.connection();
        if (connection.isReleased()) {
            forget(connection, ended.ending());
        } else if (ended.checks() < RELEASE_CHECKS) {
            if (!timers.isTimerActive(new CheckReleases())) {
                timers.startSingleTimer(new CheckReleases(), RELEASE_CHECK_INTERVAL);
            }
            releasing.add(new Ended(connection, ended.ending(), ended.checks() + 1));
        } else {
            connection.destroy();
            forget(connection, ended.ending().taken());
        }
    }

    private void forget(Connection connection, Ending ending) {
        toldNanos.remove(connection.id());
        if (open.remove(connection.id()) != null) {
            ledger.ended(entry(connection, ending));
            log.debug("Connection {} ended: {}", connection, ending);
        }
    }

    private static LedgerEntry entry(Connection connection, Ending ending) {
        return new LedgerEntry(
                connection.id(),
                connection.remoteAddress(),
                connection.listener(),
                connection.transport(),
                connection.identity(),
                connection.openedAt(),
                Instant.now(),
                ending);
    }

    private Behavior<Command> onGetOpen(GetOpen get) {
        get.replyTo().tell(open.values().stream().map(Connection::status).toList());
        return this;
    }

    private Behavior<Command> onGetCensus(GetCensus get) {
        long now = nanoClock.getAsLong();
        long stragglers = toldNanos.values().stream()
                .filter(told -> now - told >= PATIENCE.toNanos())
                .count();
        get.replyTo()
                .tell(Census.of(open.values().stream().map(Connection::status).toList(), stragglers, ledger.totals()));
        return this;
    }

    private Behavior<Command> onEnd(End order) {
        List<Connection> selected = selected(order.which());
        var slots = new Slots(order.reconnectPerSecond());
        for (Connection connection : selected) {
            switch (order.how()) {
                case SHUTDOWN -> shutDown(connection, slots.next());
                case CLOSE -> {
                    toldNanos.putIfAbsent(connection.id(), nanoClock.getAsLong());
                    connection.close();
                }
                case ABORT -> connection.abort(CloseReason.ABORTED);
            }
        }
        if (order.how() != Verb.ABORT && !selected.isEmpty()) {
            var overdue = new Overdue(selected.stream().map(Connection::id).toList());
            getContext().scheduleOnce(order.deadline(), getContext().getSelf(), overdue);
        }
        order.replyTo().tell(selected.size());
        return this;
    }

    private List<Connection> selected(Which which) {
        if (which instanceof Which.Id one) {
            Connection connection = open.get(one.id());
            return connection == null ? List.of() : List.of(connection);
        }
        return open.values().stream()
                .filter(each -> which.includes(each.id(), each.listener(), each.remoteAddress(), each.identity()))
                .toList();
    }

    private Behavior<Command> onOverdue(Overdue overdue) {
        for (long id : overdue.ids()) {
            Connection connection = open.get(id);
            if (connection != null) {
                connection.abort(CloseReason.DEADLINE);
            }
        }
        return this;
    }

    private Behavior<Command> onGetHub(GetHub get) {
        get.replyTo().tell(hub);
        return this;
    }

    private Behavior<Command> onSweep() {
        long now = nanoClock.getAsLong();
        open.values().forEach(connection -> connection.check(now));
        return this;
    }

    private Behavior<Command> onCheckDeliveries() {
        long now = nanoClock.getAsLong();
        open.values().forEach(connection -> connection.checkDelivery(now));
        return this;
    }

    private Behavior<Command> onDrain(Drain drain) {
        drainedListeners.add(drain.replyTo());
        if (drainage == null) {
            var slots = new Slots(drain.reconnectPerSecond());
            drainage = new Drainage(drain, nanoClock.getAsLong(), open.size(), ledger.totals(), slots);
            toShutDown.addAll(open.values());
            timers.startSingleTimer(new DeadlineReached(), drain.timeout());
            timers.startTimerWithFixedDelay(new CheckDeliveries(), DELIVERY_CHECK_INTERVAL);
            onShutdownNext();
        }
        return replyIfDrained();
    }

    private Behavior<Command> onShutdownNext() {
        if (drainage != null) {
            int due = dueBy(drainage, nanoClock.getAsLong());
            while (turns < due && !toShutDown.isEmpty()) {
                turns++;
                Connection connection = toShutDown.remove();
                if (open.containsKey(connection.id())) {
                    shutDown(connection, drainage.slots().next());
                }
            }
            if (!toShutDown.isEmpty()) {
                timers.startSingleTimer(new ShutdownNext(), SPREAD_STEP);
            }
        }
        return this;
    }

    /** How many of the clients have had their turn at that time, when the turns are spread evenly. */
    private static int dueBy(Drainage drainage, long nowNanos) {
        long spread = drainage.order().spread().toNanos();
        long elapsed = nowNanos - drainage.startNanos();
        return elapsed >= spread
                ? Integer.MAX_VALUE
                : (int) Math.ceil(drainage.clients() * ((double) elapsed / spread));
    }

    private Behavior<Command> onDeadlineReached() {
        deadlineReached = true;
        if (!open.isEmpty()) {
            log.warn("Drain deadline reached: aborting {}", Counted.of(open.size(), "straggler"));
        }
        return abortAll(CloseReason.DEADLINE);
    }

    private Behavior<Command> onAbortAll(AbortAll order) {
        return abortAll(order.reason());
    }

    private Behavior<Command> abortAll(CloseReason reason) {
        toShutDown.clear();
        open.values().forEach(connection -> connection.abort(reason));
        if (!open.isEmpty()) {
            timers.startSingleTimer(new LastResort(), LAST_RESORT_AFTER);
        }
        return this;
    }

    private Behavior<Command> onLastResort() {
        if (!open.isEmpty()) {
            log.warn("{} did not end when aborted: taking their sockets away", Counted.of(open.size(), "connection"));
        }
        for (Connection connection : open.values()) {
            log.debug("Connection {} did not end when it was aborted: taking its socket away", connection);
            connection.destroy();
        }
        return this;
    }

    private Behavior<Command> replyIfDrained() {
        if (drainage != null && open.isEmpty()) {
            LedgerTotals drained = ledger.totals().since(drainage.before());
            drainedListeners.forEach(listener -> listener.tell(drained));
            drainedListeners.clear();
        }
        return this;
    }
}
