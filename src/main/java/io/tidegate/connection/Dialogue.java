package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;

/** What is spoken on a connection, as its verbs and its limits of time see it. None of the methods blocks. Thread-safe. */
public interface Dialogue {

    /** How the client is spoken to now. */
    Transport transport();

    /** What the client follows, and how far it has got. */
    default Following following() {
        return Following.NOTHING;
    }

    /** What the client says it is; empty if it says nothing. */
    default String userAgent() {
        return "";
    }

    /**
     * Sends all that is pending, says goodbye in its way, and ends.
     *
     * @return whether it reads no more of what the client sends; if not, it ends its input itself
     */
    boolean shutdown(Goodbye last);

    /** Sends a heartbeat if a subscription has nothing else to send. */
    void heartbeat();

    /** Since when a request is waited for, {@link System#nanoTime}; 0 if something else goes on. */
    default long idleSince() {
        return 0;
    }

    /** Why it ended, if it ended by itself. */
    default CloseReason endReason() {
        return CloseReason.QUIT;
    }

    /** Whether the client was sent the last word, and only its answer is waited for. */
    default boolean awaitsLastWord() {
        return false;
    }

    /** The answer is waited for no longer: the client has had the question for a while. */
    default void endWait() {}

    /**
     * Acts if a limit of its own has passed.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    default void check(long nowNanos) {}
}
