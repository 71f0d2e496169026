package io.tidegate.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The threads on which Java compiles what runs often. Thread-safe. */
public final class CompilerThreads {

    private static final Path THREADS = Path.of("/proc/self/task");

    /** As the kernel has their names, which it cuts. */
    private static final String OPTIMIZING = "C2 Compiler";

    private static final int PRIO_PROCESS = 0;

    /** Behind all others. */
    private static final int NICEST = 19;

    /** The C library, mapped when it is needed. */
    private static final class LibC {
        static {
            Native.register(LibC.class, "c");
        }

        private LibC() {}

        static native int setpriority(int which, int who, int priority) throws LastErrorException;
    }

    private CompilerThreads() {}

    /**
     * Has the optimizing compiler step back behind all other threads, for good: what it makes pays off in many seconds, and a process that
     * is about to end has none.
     *
     * <p>The other compiler, which is quick, goes on. It takes Linux, where each thread has a priority of its own (sched(7)).
     *
     * @return how many threads stepped back; 0 where none can
     */
    public static int stepBack() {
        int count = 0;
        if (!Platform.isLinux()) {
            return count;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith(OPTIMIZING)) {
                    int unused = LibC.setpriority(
                            PRIO_PROCESS, Integer.parseInt(thread.getFileName().toString()), NICEST);
                    count++;
                }
            }
        } catch (IOException | DirectoryIteratorException | LastErrorException | LinkageError e) {
            // A thread has ended in between, or they are nobody's business here: the rest goes on as it did.
        }
        return count;
    }
}
