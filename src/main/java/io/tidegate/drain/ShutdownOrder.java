package io.tidegate.drain;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.Patterns;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.PlainStage;
import io.tidegate.document.Visible;
import io.tidegate.feed.Feed;
import io.tidegate.ledger.Census;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.listener.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in which phase of the coordinated shutdown, in order:
 *
 * <pre>
 *  (before it)                    announce: wait, still accepting; can be cancelled
 *  before-service-unbind          announce, what is left of it
 *  service-unbind                 begin to unbind the listeners, all at once
 *  service-requests-done          who waits is let in, and they are unbound ─► commit what was accepted
 *                                 ─► shut every connection down ─► all ended, or the deadline
 *  before-actor-system-terminate  report ─► close the store ─► unbind the admin listener and end its connections
 * </pre>
 *
 * <p>A coordinated shutdown cannot be taken back, so our own triggers announce before they run it. One that somebody else runs,
 * such as the program around us that terminates the actor system, announces in its first phase. How far all is, whoever began
 * it, is known to the {@link DrainCourse}; the tasks do what it allows. They run on Akka's internal dispatcher and never block.
 */
public final class ShutdownOrder {

    private static final Logger log = LoggerFactory.getLogger(ShutdownOrder.class);

    /** Reason of a drain that makes room for a server which is bound to the same addresses already. */
    public static final String TAKEOVER = "takeover";

    private static final Duration SECOND = Duration.ofSeconds(1);

    private record Trigger(String text) implements CoordinatedShutdown.Reason {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * What ends, in this order.
     *
     * @param listeners let in who waits, and nobody after that
     * @param feed commits what publishers were promised
     * @param connections the manager of those that get what they are owed, and end
     * @param ledger where they are written down
     * @param store closes when it is asked to
     * @param admin ends when it is asked to; up to then operators can see how far all is
     */
    public record Parts(
            List<Listener> listeners,
            Feed feed,
            ActorRef<ConnectionManager.Command> connections,
            Ledger ledger,
            Supplier<CompletionStage<Void>> store,
            Supplier<CompletionStage<Done>> admin) {}

    private final ActorSystem<?> system;
    private final DrainCourse course;
    private final DrainSettings settings;
    private final Parts parts;

    /** Completes when the announcement is over and was not cancelled. */
    private final CompletableFuture<Done> announced = new CompletableFuture<>();

    private final CompletableFuture<Done> forced = new CompletableFuture<>();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();
    private final CompletionStage<DrainReport> terminated;
    private volatile @Nullable Runnable atEnd;
    private volatile LedgerTotals before = LedgerTotals.NONE;

    /** The manager's sums, if it gave them in time. */
    private volatile @Nullable LedgerTotals drained;

    /** Clients that waited to be accepted when the listeners closed. */
    private volatile long unaccepted;

    public ShutdownOrder(ActorSystem<?> system, DrainCourse course, Parts parts) {
        this.system = system;
        this.course = course;
        this.settings = course.settings();
        this.parts = parts;
        terminated = PlainStage.of(system.getWhenTerminated()).thenCompose(done -> ended());
    }

    /**
     * Puts every task into its phase.
     *
     * @param whenEnded what is still to be done when the actor system is gone
     */
    public void register(Runnable whenEnded) {
        atEnd = whenEnded;
        for (Listener listener : parts.listeners()) {
            listener.ended().whenComplete((done, failure) -> listenerEnded(listener, failure));
        }
        add(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "announce", this::announce);
        add(CoordinatedShutdown.PhaseServiceUnbind(), "unbind", this::unbind);
        add(CoordinatedShutdown.PhaseServiceRequestsDone(), "drain", this::drain);
        add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close", this::close);
        system.scheduler().scheduleWithFixedDelay(SECOND, SECOND, this::second, system.executionContext());
    }

    private void add(String phase, String name, Supplier<CompletionStage<Done>> task) {
        CoordinatedShutdown.get(system).addTask(phase, "tidegate-" + name, task);
    }

    /** A listener that ended by itself leaves a server that nobody can reach: better to end, and be started anew. */
    private void listenerEnded(Listener listener, @Nullable Throwable failure) {
        if (course.progress().phase().compareTo(DrainPhase.UNBINDING) < 0) {
            log.error("The {} listener ended by itself", listener.name(), failure);
            begin("listener failure", Duration.ZERO);
            endAnnouncement(new DrainEvent.Done(DrainPhase.ANNOUNCING));
        }
    }

    /** Clients that waited to be accepted when the listeners closed, and were reset; 0 before. */
    public long unaccepted() {
        return unaccepted;
    }

    /** Completes when all connections have ended. */
    public CompletionStage<DrainReport> report() {
        return report;
    }

    public CompletionStage<DrainReport> whenTerminated() {
        return terminated;
    }

    /**
     * Waits for the end on the caller's thread, which needs nothing of what may have got stuck.
     *
     * @throws OverrunException if the server could not run on any more, and has not ended within the time for a whole stop
     */
    public DrainReport awaitEnd() throws OverrunException {
        return await(announced, report, terminated.toCompletableFuture(), settings.total(), settings.announce());
    }

    static DrainReport await(
            CompletableFuture<Done> announced,
            CompletableFuture<DrainReport> report,
            CompletableFuture<DrainReport> terminated,
            Duration total,
            Duration announce)
            throws OverrunException {
        CompletableFuture.anyOf(announced, terminated).join();
        try {
            return terminated.get(total.minus(announce).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new OverrunException(total, Optional.ofNullable(report.getNow(null)));
        } catch (InterruptedException | ExecutionException e) {
            // Nobody interrupts who waits for the end of the process; a failed end is thrown as it is.
            return terminated.join();
        }
    }

    // ---- before the coordinated shutdown: any thread

    /**
     * Which drain goes on now.
     *
     * @param reason for people; what cannot be seen of it is told by its number
     * @param announce for at least this long, and for what the settings say: the end can be cancelled up to then
     */
    public int begin(String reason, Duration announce) {
        boolean isLonger = announce.compareTo(settings.announce()) > 0;
        return begin(Visible.of(reason), isLonger ? announce : settings.announce(), false);
    }

    private int begin(String reason, Duration announce, boolean irrevocable) {
        DrainCourse.Step step = course.apply(new DrainEvent.Begin(reason, irrevocable, announce));
        if (!step.isMove() && !step.isSooner()) {
            if (!irrevocable && step.after().phase() != DrainPhase.ENDED) {
                log.info(
                        "Stopping already, by {}: {} changes nothing",
                        step.after().reason(),
                        reason);
            }
            return step.after().run();
        }
        var over = new DrainEvent.Deadline(DrainPhase.ANNOUNCING, step.after().run());
        if (announce.isZero()) {
            log.info("Stopping: {}", reason);
            endAnnouncement(over);
        } else {
            log.info("Stopping: {}; clients are accepted for {} more", reason, DrainSettings.shown(announce));
            system.scheduler().scheduleOnce(announce, () -> endAnnouncement(over), system.executionContext());
        }
        return step.after().run();
    }

    private void endAnnouncement(DrainEvent over) {
        DrainCourse.Step step = course.apply(over);
        if (step.isMove()) {
            shutDown(step.after().reason());
        }
    }

    private void shutDown(String reason) {
        // At once: until the coordinated shutdown comes to its phase, which waits for it, much of its code has to be
        // loaded first.
        unbindListeners();
        announced.complete(Done.getInstance());
        var unused = PlainStage.of(CoordinatedShutdown.get(system).runAll(new Trigger(reason)));
    }

    /** Makes the server run on; throws an {@link IllegalStateException} that says why if it cannot. */
    public void cancel() {
        DrainCourse.Step step = course.apply(new DrainEvent.Cancel());
        if (!step.isMove()) {
            throw new IllegalStateException(step.after().whyNotCancellable());
        }
        log.info("Not stopping: cancelled after {}", step.before().reason());
    }

    /** Unannounced: who takes this server's place is bound already, and its clients wait. */
    public void handOver() {
        begin(TAKEOVER, settings.announce(), true);
        endAnnouncement(new DrainEvent.Done(DrainPhase.ANNOUNCING));
    }

    /** Ends every wait of the drain. */
    public void force(String who) {
        String reason = Visible.of(who);
        DrainCourse.Step step = course.apply(new DrainEvent.Force(reason));
        if (!step.isForced()) {
            return;
        }
        log.warn("Forced by {}: aborting what is left", reason);
        forced.complete(Done.getInstance());
        if (step.isMove()) {
            shutDown(step.after().reason());
        }
        for (Listener listener : parts.listeners()) {
            // Whoever asked before waits for what comes of it.
            var unused = listener.unbind(Duration.ZERO);
        }
        parts.connections().tell(new ConnectionManager.AbortAll(CloseReason.ABORTED));
    }

    /** Tells how the drain goes on, if it lasts: one that is over in a second is not worth a word. */
    private void second() {
        parts.feed().endWaits(course.nanoTime());
        if (course.lasted().compareTo(SECOND) >= 0) {
            census().whenComplete((census, failure) -> {
                if (census != null) {
                    course.progressed(census);
                }
            });
        }
    }

    private CompletionStage<Census> census() {
        return PlainStage.of(
                AskPattern.ask(parts.connections(), ConnectionManager.GetCensus::new, SECOND, system.scheduler()));
    }

    // ---- the coordinated shutdown

    private CompletionStage<Done> announce() {
        begin(reason(), settings.announce(), true);
        return announced;
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

    private CompletionStage<Done> unbind() {
        course.apply(new DrainEvent.Done(DrainPhase.ANNOUNCING));
        unbindListeners();
        // The next phase has the time to wait for it.
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** Half of the time at most: who is let in has to be given its goodbye, too. */
    private CompletionStage<Long> unbindListeners() {
        Duration patience = settings.timeout().dividedBy(2);
        CompletionStage<Long> unaccepted = CompletableFuture.completedFuture(0L);
        for (Listener listener : parts.listeners()) {
            unaccepted = unaccepted.thenCombine(listener.unbind(patience), Long::sum);
        }
        return unaccepted;
    }

    private CompletionStage<Done> drain() {
        before = parts.ledger().totals();
        return unbindListeners()
                .thenCompose(count -> {
                    unaccepted = count;
                    log.info("Listeners unbound");
                    if (count > 0) {
                        log.warn("{} clients waited to be accepted when the listeners closed, and were reset", count);
                    }
                    course.apply(new DrainEvent.Done(DrainPhase.UNBINDING));
                    return committed();
                })
                .thenCompose(done -> drainConnections(course.status().left()));
    }

    /** Half of what is left at most: a stuck store must not keep followers from what they can still get. */
    private CompletionStage<Done> committed() {
        CompletionStage<Done> patience =
                after(course.status().left().dividedBy(2)).applyToEither(forced, done -> done);
        return parts.feed()
                .drain()
                .thenApply(head -> commitIsDone())
                .applyToEither(patience.thenApply(done -> abandonCommit()), done -> done);
    }

    private CompletionStage<Done> after(Duration delay) {
        return PlainStage.of(Patterns.after(
                delay,
                system.classicSystem().scheduler(),
                system.executionContext(),
                () -> CompletableFuture.completedFuture(Done.getInstance())));
    }

    private Done commitIsDone() {
        course.apply(new DrainEvent.Done(DrainPhase.COMMITTING));
        return Done.getInstance();
    }

    private Done abandonCommit() {
        if (!parts.feed().isDrained()
                && course.apply(new DrainEvent.Deadline(
                                DrainPhase.COMMITTING, course.progress().run()))
                        .isMove()) {
            log.error("The store did not finish its last commit in time: those changes are not acknowledged");
            parts.feed().abandon();
        }
        return Done.getInstance();
    }

    private CompletionStage<Done> drainConnections(Duration timeout) {
        return PlainStage.of(AskPattern.<ConnectionManager.Command, LedgerTotals>ask(
                        parts.connections(),
                        replyTo -> new ConnectionManager.Drain(
                                timeout, settings.spread(), settings.reconnectsPerSecond(), replyTo),
                        timeout.plus(Duration.ofSeconds(2)),
                        system.scheduler()))
                .thenApply(result -> {
                    drained = result;
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> close() {
        DrainProgress progress =
                course.apply(new DrainEvent.Done(DrainPhase.CONNECTIONS)).after();
        var result = new DrainReport(
                progress.reason(),
                course.lasted(),
                drained(),
                unaccepted,
                progress.forced(),
                progress.commitAbandoned(),
                parts.feed().committedUpdates(),
                parts.feed().head());
        // Before anything that could get stuck: the report is owed in any case.
        report.complete(result);
        course.reported(result);
        return parts.store()
                .get()
                .whenComplete((closed, failure) -> course.apply(new DrainEvent.Done(DrainPhase.CLOSING)))
                .exceptionally(ShutdownOrder::notClosed)
                .thenCompose(closed -> parts.admin().get());
    }

    /** Those of whom the manager did not say in time that they have ended are cut off with the actor system, which is next. */
    private LedgerTotals drained() {
        LedgerTotals told = drained;
        if (told != null) {
            return told;
        }
        LedgerTotals all = parts.ledger().totalsIfCutOff().since(before);
        log.error("Not all connections have ended in time: {} aborted or cut off", all.aborted());
        return all;
    }

    private static @Nullable Void notClosed(Throwable failure) {
        log.error("The store could not be closed in good order", failure);
        return null;
    }

    /** The actor system is gone, whatever became of the store. */
    private CompletionStage<DrainReport> ended() {
        course.apply(new DrainEvent.Done(DrainPhase.CLOSING));
        Runnable rest = atEnd;
        if (rest != null) {
            rest.run();
        }
        return report;
    }
}
