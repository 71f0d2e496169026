package io.tidegate.server;

import java.io.Serial;

/**
 * The change was not published, or, where several nodes share the feed, it is not known whether it was; the message says why, and what to
 * do.
 */
public final class PublishException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    PublishException(String message) {
        super(message);
    }
}
