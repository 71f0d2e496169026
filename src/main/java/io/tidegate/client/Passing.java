package io.tidegate.client;

import java.util.Set;

/** Which of the protocol's errors say that a server cannot serve now, but may later: whoever comes back is not refused for good. */
final class Passing {

    private static final Set<String> CODES = Set.of(
            "draining",
            "store-failed",
            "timeout",
            "too-many-connections",
            "too-many-failures",
            "too-many-snapshots",
            "unavailable");

    private Passing() {}

    /** Whether an error line is one of them. */
    static boolean is(EventLine event) {
        return event.is("error") && CODES.contains(event.text("code"));
    }
}
