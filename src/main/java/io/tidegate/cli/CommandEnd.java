package io.tidegate.cli;

import java.io.Serial;
import java.util.Optional;

/** Ends a command before its time, for a reason that its user can do something about: one line, no stack trace. */
final class CommandEnd extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandEnd(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static CommandEnd failed(String message) {
        return new CommandEnd(ExitCode.FAILED, message);
    }

    /** Nobody reads the output any more, as in {@code tidegate sync | head}: nothing went wrong. */
    static CommandEnd outputClosed() {
        return new CommandEnd(ExitCode.OK, "");
    }

    int exitCode() {
        return exitCode;
    }

    /** What to tell the user, if anything. */
    Optional<String> message() {
        return Optional.ofNullable(getMessage()).filter(message -> !message.isEmpty());
    }
}
