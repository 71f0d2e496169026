package io.tidegate.drain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a server is in its life. */
public enum State {
    /** Clients are accepted and served. */
    RUNNING,
    /** The end was triggered; clients are still accepted so that a load balancer can notice. It can be cancelled. */
    ANNOUNCING,
    /** Nobody is accepted; connections get what they are owed and end. */
    DRAINING,
    /** All is closed. */
    TERMINATED;

    /** As it stands in answers and metrics, in lower case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(State::code).toList();
    }
}
