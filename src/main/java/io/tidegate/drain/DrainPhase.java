package io.tidegate.drain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The steps of a drain, in their order; a server that nobody told to end is {@link #RUNNING}. */
public enum DrainPhase {
    /** Nobody asked for an end, or it was cancelled. */
    RUNNING(0, "running"),
    /** Clients are still accepted, so that a load balancer can notice. The only phase that can be cancelled. */
    ANNOUNCING(1, "announcing"),
    /** The listeners close. */
    UNBINDING(2, "draining"),
    /** What publishers were promised is committed. */
    COMMITTING(3, "draining"),
    /** The connections get what they are owed, and end. */
    CONNECTIONS(4, "draining"),
    /** The report is known; the store closes. */
    CLOSING(5, "draining"),
    /** All is closed. */
    ENDED(6, "terminated");

    private final int number;
    private final String state;

    DrainPhase(int number, String state) {
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

    /** The state of the server, for who does not care about steps: running, announcing, draining or terminated. */
    public String state() {
        return state;
    }

    /** All states, in their order. */
    public static List<String> states() {
        return Arrays.stream(values()).map(DrainPhase::state).distinct().toList();
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
