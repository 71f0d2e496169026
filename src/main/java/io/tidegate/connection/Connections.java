package io.tidegate.connection;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.tidegate.ledger.Census;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The connections of a server: those that are open, how they are ended, and the ledger of those that ended.
 *
 * <p>Nothing here blocks. A stage fails if the server has ended.
 */
public final class Connections {

    /** The manager answers in microseconds; a server that cannot within this time has other troubles. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final ActorRef<ConnectionManager.Command> manager;
    private final Ledger ledger;
    private final Duration patience;
    private final int reconnectsPerSecond;

    /**
     * The connections that a manager looks after.
     *
     * @param ledger the manager's
     * @param patience after how long a connection is aborted that has not ended when it was told to
     * @param reconnectsPerSecond how many clients a second are invited back after a shutdown
     */
    public Connections(
            ActorSystem<?> system,
            ActorRef<ConnectionManager.Command> manager,
            Ledger ledger,
            Duration patience,
            int reconnectsPerSecond) {
        this.system = system;
        this.manager = manager;
        this.ledger = ledger;
        this.patience = patience;
        this.reconnectsPerSecond = reconnectsPerSecond;
    }

    /** How many have not ended. */
    public long open() {
        return ledger.open();
    }

    /** The sums over all that ended since the start. */
    public LedgerTotals totals() {
        return ledger.totals();
    }

    /**
     * The connections that ended last, the newest last; no more than {@code tidegate.ledger.entries} are kept.
     *
     * @param most no more than this many
     */
    public List<LedgerEntry> ended(int most) {
        return ledger.newest(most);
    }

    /** The open connections, each as it stands now, in no particular order. */
    public CompletionStage<List<ConnectionStatus>> list() {
        return ask(ConnectionManager.GetOpen::new);
    }

    /** The sums over all connections, open and ended. */
    public CompletionStage<Census> census() {
        return ask(ConnectionManager.GetCensus::new);
    }

    /**
     * Ends connections; how each of them ended is in the ledger.
     *
     * <p>Those that take longer than {@code tidegate.drain.timeout} for a shutdown or a close are aborted.
     *
     * @return how many these are; completes when they were told, not when they have ended
     */
    public CompletionStage<Integer> end(Verb how, Which which) {
        return ask(replyTo -> new ConnectionManager.End(which, how, patience, reconnectsPerSecond, replyTo));
    }

    private <T> CompletionStage<T> ask(Function<ActorRef<T>, ConnectionManager.Command> question) {
        try {
            return PlainStage.of(
                    AskPattern.ask(manager, question::apply, ANSWER_TIMEOUT, system.scheduler()),
                    // The manager's threads are those of clients.
                    system.executionContext());
        } catch (IllegalStateException e) {
            // The scheduler, which would look after the timeout, has ended.
            return CompletableFuture.failedStage(e);
        }
    }
}
