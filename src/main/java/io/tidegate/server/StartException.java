package io.tidegate.server;

import java.io.Serial;

/** The server cannot start; the message is one line that says what to do. */
public final class StartException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
