package io.tidegate.ledger;

import java.util.Arrays;
import java.util.Locale;

/** How an operator or the embedding program ends a connection. */
public enum Verb {
    /** Sends all that is pending and a goodbye, then FIN. */
    SHUTDOWN,
    /** Drops what the kernel does not have yet, then sends FIN; the last line may be cut. */
    CLOSE,
    /** Sends RST at once. */
    ABORT;

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Verb of(String name) {
        return Arrays.stream(values())
                .filter(verb -> verb.toString().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("how is shutdown, close or abort, not " + name));
    }

    /** {@code shutdown}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
