package io.tidegate.drain;

import java.util.Locale;

/** The steps of a drain, in their order; a server that nobody told to end is {@link #RUNNING}. */
public enum DrainPhase {
    /** Nobody asked for an end, or it was cancelled. */
    RUNNING(0, State.RUNNING),
    /** Clients are still accepted, so that a load balancer can notice. The only phase that can be cancelled. */
    ANNOUNCING(1, State.ANNOUNCING),
    /** The listeners close. */
    UNBINDING(2, State.DRAINING),
    /** What publishers were promised is committed. */
    COMMITTING(3, State.DRAINING),
    /** The connections get what they are owed, and end. */
    CONNECTIONS(4, State.DRAINING),
    /** The report is known; the store closes. */
    CLOSING(5, State.DRAINING),
    /** All is closed. */
    ENDED(6, State.TERMINATED);

    private final int number;
    private final State state;

    DrainPhase(int number, State state) {
        this.number = number;
        this.state = state;
    }

    /** 1 to {@link #last}; 0 while running. */
    public int number() {
        return number;
    }

    /** The number of the last phase. */
    public static int last() {
        return ENDED.number;
    }

    public State state() {
        return state;
    }

    /** What follows it; nothing follows the last. */
    DrainPhase next() {
        return values()[Math.min(number + 1, ENDED.number)];
    }

    /** {@code connections}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
