package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.wire.Events;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of one session: the goodbye, the transport's own last word, and the client's answer to that if it owes one.
 *
 * <pre>
 *  asked to go ─► goodbye ─► last word, if the transport has one ─► answered, or not waited for ─► over
 *  the client's last word, or a breach of the rules ─► the answer to it ──────────────────────────► over
 * </pre>
 */
final class Parting {

    private final Dialect<?> dialect;
    private final Supplier<List<String>> elsewhere;
    private final LongSupplier nanoClock;

    /** Whether the client has to answer the server's last word. */
    private final boolean isAnswered;

    private @Nullable Goodbye asked;
    private @Nullable Goodbye goodbye;
    private @Nullable ByteString last;
    private CloseReason reason = CloseReason.QUIT;
    private boolean over;

    /** When the last word was sent that is to be answered; 0 if none was. */
    private long saidAt;

    Parting(Dialect<?> dialect, Supplier<List<String>> elsewhere, LongSupplier nanoClock) {
        this.dialect = dialect;
        this.elsewhere = elsewhere;
        this.nanoClock = nanoClock;
        isAnswered = !dialect.farewell(CloseReason.QUIT).isEmpty();
    }

    /** Whether the client has to answer the server's last word, and is listened to for that. */
    boolean isAnswered() {
        return isAnswered;
    }

    /** It is told to go, from outside; {@link #begin} begins. */
    void ask(Goodbye why) {
        asked = why;
    }

    boolean isAsked() {
        return asked != null;
    }

    /**
     * Begins with what was asked for from outside.
     *
     * @return whether that was now
     */
    boolean begin() {
        boolean begins = goodbye == null && asked != null;
        if (begins) {
            goodbye = asked;
        }
        return begins;
    }

    /** The client wants to go. */
    void quit() {
        leave(new Goodbye(CloseReason.QUIT, Duration.ZERO));
    }

    /** It ends for a reason of its own. */
    void leave(Goodbye why) {
        if (goodbye == null) {
            goodbye = why;
            reason = why.reason();
        }
    }

    boolean saysGoodbye() {
        return goodbye != null;
    }

    /**
     * The client has said its last word, or broken the transport's rules, or is given up.
     *
     * @param frame sent last, unless the last word was said already
     * @return false if that was known
     */
    boolean close(ByteString frame, CloseReason why) {
        if (last != null) {
            return false;
        }
        last = saidAt == 0 ? frame : ByteString.emptyByteString();
        reason = saidAt == 0 ? why : reason;
        return true;
    }

    /** Whether updates that the client has not got yet are sent no more, beyond where they end. */
    boolean endsUpdates() {
        return goodbye != null || last != null;
    }

    /** Says what is last; called when nothing else is owed, as often as that is so. */
    void say(FeedReader reader, Words words) {
        if (last != null) {
            words.lastFrame(last);
            over = true;
        } else if (saidAt == 0) {
            Goodbye word = goodbye;
            if (word != null) {
                Events.goodbye(
                        word.reason().code(),
                        reader.resumption(),
                        word.reconnectAfter().toMillis(),
                        word.reason().comeBack().code(),
                        nodes(word.reason()),
                        words.lines());
                words.lastFrame(dialect.farewell(word.reason()));
                saidAt = isAnswered ? nanoClock.getAsLong() : 0;
            }
            over = saidAt == 0;
        }
    }

    /** Whoever wanted to go, or may not come back as it is, is not sent on. */
    private List<String> nodes(CloseReason why) {
        return why == CloseReason.SHUTDOWN ? elsewhere.get() : List.of();
    }

    boolean isSaid() {
        return saidAt != 0;
    }

    /** Whether only the client's answer is waited for. */
    boolean isWaiting() {
        return saidAt != 0 && last == null;
    }

    boolean isOverdue(Duration patience, long nowNanos) {
        return Deadline.hasPassed(saidAt, patience, nowNanos);
    }

    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    CloseReason reason() {
        return reason;
    }
}
