package io.tidegate.cli;

import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Standard output. Its failures end the command; those of a socket may not, so they must not be mixed up. */
final class Output {

    private final OutputStream out;
    private final boolean terminal;
    private final BooleanSupplier broken;
    private final String name;

    /**
     * A way to standard output.
     *
     * @param terminal whether control characters would steer a terminal; elsewhere bytes go out as they are
     * @param broken whether nobody reads any more
     */
    Output(OutputStream out, boolean terminal, BooleanSupplier broken) {
        this(out, terminal, broken, "standard output");
    }

    private Output(OutputStream out, boolean terminal, BooleanSupplier broken, String name) {
        this.out = out;
        this.terminal = terminal;
        this.broken = broken;
        this.name = name;
    }

    /**
     * A way to a file instead.
     *
     * @param name of the file
     */
    static Output toFile(OutputStream out, String name) {
        return new Output(out, false, () -> false, name);
    }

    void write(byte[] bytes, int from, int to) throws CommandEnd {
        if (from == to) {
            return;
        }
        try {
            if (terminal) {
                out.write(TerminalText.of(bytes, from, to));
            } else {
                out.write(bytes, from, to - from);
            }
            out.flush();
        } catch (IOException e) {
            throw end(e);
        }
    }

    void line(String text) throws CommandEnd {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    /** Ends the command if nobody would read what it may write one day. */
    void requireReader() throws CommandEnd {
        if (broken.getAsBoolean()) {
            throw CommandEnd.outputClosed();
        }
    }

    private CommandEnd end(IOException e) {
        String reason = String.valueOf(e.getMessage());
        // "Broken pipe" on Unix, "The pipe is being closed" or "has been ended" on Windows.
        return reason.contains("pipe")
                ? CommandEnd.outputClosed()
                : CommandEnd.failed("cannot write to " + name + ": " + Reason.of(e));
    }
}
