package io.tidegate.connection;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.tidegate.ledger.Census;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Selection;
import io.tidegate.ledger.Standing;
import io.tidegate.ledger.Verb;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The connections of a server: those that are open, the three verbs that end them, and the ledger of those that ended.
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

    /** How many of the open ones stand how. */
    public CompletionStage<Standing> standing() {
        return ask(ConnectionManager.GetStanding::new);
    }

    /**
     * Stops reading the client's requests, sends all that is pending and a goodbye, then FIN, and waits for the client's FIN.
     *
     * <p>If that takes longer than {@code tidegate.drain.timeout}, the connection is aborted.
     *
     * @return whether there is such a connection; its end is in the ledger
     */
    public CompletionStage<Boolean> shutdown(long id) {
        return end(id, Verb.SHUTDOWN);
    }

    /**
     * Drops what the kernel does not have yet, then sends FIN, and waits for the client's FIN. The last line may be cut.
     *
     * <p>If that takes longer than {@code tidegate.drain.timeout}, the connection is aborted.
     *
     * @return whether there is such a connection; its end is in the ledger
     */
    public CompletionStage<Boolean> close(long id) {
        return end(id, Verb.CLOSE);
    }

    /**
     * Resets the connection at once, whatever it is doing; no TIME_WAIT is left.
     *
     * @return whether there is such a connection; its end is in the ledger
     */
    public CompletionStage<Boolean> abort(long id) {
        return end(id, Verb.ABORT);
    }

    private CompletionStage<Boolean> end(long id, Verb how) {
        return end(new Selection.Id(id), how).thenApply(count -> count > 0);
    }

    /**
     * Ends all that are selected.
     *
     * @return how many these are
     */
    public CompletionStage<Integer> end(Selection which, Verb how) {
        return ask(replyTo -> new ConnectionManager.End(which, how, patience, reconnectsPerSecond, replyTo));
    }

    private <T> CompletionStage<T> ask(Function<ActorRef<T>, ConnectionManager.Command> question) {
        try {
            return PlainStage.of(AskPattern.ask(manager, question::apply, ANSWER_TIMEOUT, system.scheduler()));
        } catch (IllegalStateException e) {
            // The scheduler, which would look after the timeout, has ended.
            return CompletableFuture.failedStage(e);
        }
    }
}
