package io.tidegate.cli.bench;

import java.io.Serial;

/** Ends a run for a reason that its user can do something about: one line, no stack trace. */
final class BenchFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    BenchFailure(String message) {
        super(message, null, false, false);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
