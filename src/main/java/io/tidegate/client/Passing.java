package io.tidegate.client;

import java.util.Set;

/** Which of the protocol's errors say that a server cannot serve now, but may later: whoever comes back is not refused for good. */
final class Passing {

    private static final Set<String> CODES =
            Set.of("store-failed", "too-many-connections", "too-many-failures", "too-many-snapshots", "unavailable");

    private static final Set<String> FAREWELLS = Set.of("draining", "timeout");

    private Passing() {}

    /** Whether an error line is one of them. */
    static boolean is(EventLine event) {
        return event.is("error") && CODES.contains(event.text("code"));
    }

    /** Whether an error line says that nothing more is taken on its connection; where it drains, a goodbye follows. */
    static boolean isFarewell(EventLine event) {
        return event.is("error") && FAREWELLS.contains(event.text("code"));
    }
}
