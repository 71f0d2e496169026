package io.tidegate.cli;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system knows of the standard output, and Java does not tell. On Linux; elsewhere nothing is known. */
final class StandardOut {

    private static final int DESCRIPTOR = 1;
    private static final short POLLERR = 8;

    /** Of {@code struct pollfd}: descriptor, what is asked for, what is so. */
    private static final int POLL_BYTES = 8;

    private static final int POLL_RESULT = 6;

    private interface LibC extends Library {
        int poll(Pointer descriptors, long count, int timeoutMillis);
    }

    private StandardOut() {}

    /** Whether nobody can read what would be written: the pipe's other end is closed. */
    static boolean isBroken() {
        try (var poll = new Memory(POLL_BYTES)) {
            poll.clear();
            poll.setInt(0, DESCRIPTOR);
            int answers = Native.load("c", LibC.class).poll(poll, 1, 0);
            return answers > 0 && (poll.getShort(POLL_RESULT) & POLLERR) != 0;
        } catch (LinkageError e) {
            // It will be seen at the next write.
            return false;
        }
    }

    /** Whether a person sees what is written, and escape sequences would steer the terminal. */
    static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(DESCRIPTOR)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
