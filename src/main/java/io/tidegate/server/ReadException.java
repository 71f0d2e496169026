package io.tidegate.server;

import java.io.Serial;

/** The document could not be read; the message says why. */
public final class ReadException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    ReadException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
