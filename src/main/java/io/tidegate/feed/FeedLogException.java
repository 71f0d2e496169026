package io.tidegate.feed;

import java.io.Serial;

/** The store could not do what it was asked; the message says what and why in one line. */
public final class FeedLogException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    public FeedLogException(String message, Throwable cause) {
        super(message, cause);
    }

    public FeedLogException(String message) {
        super(message);
    }
}
