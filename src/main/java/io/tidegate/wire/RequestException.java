package io.tidegate.wire;

import java.io.Serial;

/** A client's mistake: what becomes its {@code error} event. */
public final class RequestException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    public RequestException(ErrorCode code, String message) {
        // No stack trace: a client's mistake is an answer, not an event in the server.
        super(message, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** One line that says what to do. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
