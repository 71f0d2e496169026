package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Decoder;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on one connection now: it takes what is found in the client's bytes, and is polled for what the client is owed.
 *
 * <p>It knows no streams and no threads, and none of its methods blocks. {@link DialogueStage} gives it its turns, one at a time:
 * all methods are called with the connection's lock held. Whatever else may change what it says (a change that was settled, a
 * read that came back, a new batch) signals the {@link io.tidegate.feed.Wakeup} that it was opened with, and it is polled again.
 *
 * @param <I> what is found in the bytes
 */
public interface Dialogue<I> {

    /** Reads the client's bytes; the same object each time. */
    Decoder<ByteString, I> decoder();

    // ---- input

    /** Whether something more may be given; if not, what came waits: back-pressure. */
    boolean wantsInput();

    /** Whether the client is listened to; what it sends is discarded from then on, and its input ends. */
    default boolean listens() {
        return true;
    }

    /**
     * Takes what came.
     *
     * @return whether it may be given more before it is polled
     */
    boolean take(I input);

    /** Called when no whole input is left. */
    default void begun(Decoder.@Nullable Begun unfinished) {}

    /** No more will come: the client closed its side, or is not listened to any more. */
    void inputEnded();

    // ---- output

    /**
     * The next bytes for the client; null if there are none now. Called only when the kernel has all that came before. Resets the
     * wakeup before it looks.
     */
    @Nullable
    EventLines poll();

    /**
     * Whether what it says next is better asked for late than early: to stand in the kernel's buffer for seconds would make it old.
     */
    default boolean saysTheNewest() {
        return false;
    }

    /** The kernel begins, or has ceased, to take no more for now. */
    default void blocked(boolean isBlocked) {}

    /** Whether all has been said. */
    boolean isFinished();

    /**
     * Who is at the other end, as far as is known when this has finished.
     *
     * @param known before
     */
    default Peer peer(Peer known) {
        return known;
    }

    /** What is spoken on this connection when this has finished; null if that is the end. */
    default @Nullable Opening next() {
        return null;
    }

    /** What came for who is {@linkplain #next next}. */
    default ByteString rest() {
        return ByteString.emptyByteString();
    }

    /** Releases what it holds; the last call but for what it is asked below. */
    void close();

    // ---- from outside

    /** Sends all that is pending, says goodbye in its way, and finishes. */
    void shutdown(Goodbye last);

    /** Sends a heartbeat if a subscription has nothing else to send. */
    void heartbeat();

    /**
     * Acts if a limit of its own has passed.
     *
     * @param nowNanos the time by the clock of all connections
     */
    default void check(long nowNanos) {}

    /** Since when a request is waited for; 0 if something else goes on. */
    default long idleSince() {
        return 0;
    }

    /** Whether the client was sent the last word, and only its answer is waited for. */
    default boolean awaitsLastWord() {
        return false;
    }

    /** The answer is waited for no longer: the client has had the question for a while. */
    default void endWait() {}

    /** Why it ended, if it ended by itself. */
    default CloseReason endReason() {
        return CloseReason.QUIT;
    }

    /** How the client is spoken to. */
    Transport transport();

    /** What the client follows, and how far it has got. */
    default Following following() {
        return Following.NOTHING;
    }

    /** Who the client is by what it has shown; empty if it has shown nothing. */
    default String identity() {
        return "";
    }

    /** What the client says it is; empty if it says nothing. */
    default String userAgent() {
        return "";
    }
}
