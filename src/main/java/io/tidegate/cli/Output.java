package io.tidegate.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard output. Its failures end the command; those of a socket may not, so they must not be mixed up. */
final class Output {

    private final OutputStream out;

    Output(OutputStream out) {
        this.out = out;
    }

    void write(byte[] bytes, int from, int to) throws CommandEnd {
        if (from == to) {
            return;
        }
        try {
            out.write(bytes, from, to - from);
            out.flush();
        } catch (IOException e) {
            throw end(e);
        }
    }

    void line(String text) throws CommandEnd {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    private static CommandEnd end(IOException e) {
        String reason = String.valueOf(e.getMessage());
        // "Broken pipe" on Unix, "The pipe is being closed" or "has been ended" on Windows.
        return reason.contains("pipe")
                ? CommandEnd.outputClosed()
                : CommandEnd.failed("cannot write to standard output: " + reason);
    }
}
