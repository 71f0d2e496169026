package io.tidegate.access;

import java.io.Serial;

/** A file of tokens or keys cannot be used. Its message is one line for people, which has nothing secret in it. */
public final class AccessFileException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    AccessFileException(String line, Throwable cause) {
        super(line, cause);
    }

    AccessFileException(String line) {
        super(line);
    }

    /** What to tell. */
    public String line() {
        return String.valueOf(getMessage());
    }
}
