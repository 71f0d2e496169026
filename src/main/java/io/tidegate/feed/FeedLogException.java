package io.tidegate.feed;

import java.io.Serial;

/** The store could not do what it was asked; the message says what and why in one line. */
public final class FeedLogException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final boolean lasting;

    public FeedLogException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private FeedLogException(String message, Throwable cause, boolean lasting) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** Something is damaged: it fails again, however often it is tried. */
    public static FeedLogException lasting(String message, Throwable cause) {
        return new FeedLogException(message, cause, true);
    }

    public FeedLogException(String message) {
        super(message);
        lasting = false;
    }

    /** Whether to try again does not help. */
    public boolean isLasting() {
        return lasting;
    }
}
