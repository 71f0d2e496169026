package io.tidegate.connection;

import io.tidegate.wire.Addressee;

/**
 * Whether who is at the other end of a connection speaks our protocol, as far as its lines have told.
 *
 * <p>Not thread-safe.
 */
final class Introduction {

    /** Lines that are no requests, one after the other from the first, after which nobody believes in a mistyped word. */
    static final int MOST_ATTEMPTS = 10;

    private boolean isKnown;
    private int attempts;

    /** Whether this line, the next one, ends the connection: neither it nor what follows is to be done. */
    boolean isStranger(Addressee addressee) {
        return switch (addressee) {
            case US -> {
                isKnown = true;
                yield false;
            }
            case UNCLEAR -> !isKnown && ++attempts == MOST_ATTEMPTS;
            case OTHERS -> !isKnown;
            case HTTP -> true;
        };
    }
}
