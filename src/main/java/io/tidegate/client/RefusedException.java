package io.tidegate.client;

import java.io.IOException;

/** The server does not take a client for who it says it is. To try again in the same way does not help. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message of the server, which says what to do */
    RefusedException(String message) {
        super(message);
    }
}
