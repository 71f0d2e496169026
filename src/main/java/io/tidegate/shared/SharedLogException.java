package io.tidegate.shared;

/** A shared log cannot be used. The message is one line for an operator: what is wrong, and what to do where that is known. */
public final class SharedLogException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What can be done about it. */
    public enum Kind {
        /** It does not answer, or takes nothing now: that may pass. */
        UNAVAILABLE,
        /** The place is before the beginning of the log: what came behind it is gone from the log, and other nodes have it. */
        TRIMMED,
        /** What was read is not in the log any more, or it is another log: this node has what others may never have. */
        DIVERGED,
        /** The feed goes on elsewhere: nothing of it comes any more. */
        ENDED,
        /** The log does not have the settings that it needs, or this node may not use it: an operator has to change something. */
        UNUSABLE
    }

    private final Kind kind;

    public SharedLogException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SharedLogException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Somebody has closed the log. */
    public static SharedLogException closed() {
        return new SharedLogException(Kind.UNAVAILABLE, "the shared log is closed");
    }

    public Kind kind() {
        return kind;
    }
}
