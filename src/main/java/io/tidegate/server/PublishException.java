package io.tidegate.server;

import java.io.Serial;

/** The change was not published; the message says why. It may be tried again. */
public final class PublishException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    PublishException(String message) {
        super(message);
    }
}
