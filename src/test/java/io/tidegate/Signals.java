package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Signals to other processes. */
public final class Signals {

    private static final String STOPPED = "T";

    private Signals() {}

    /** Sends one by its name. */
    public static void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Has a process do nothing more until it is thawed; its sockets stay open. Each of its threads stops when it has a processor the next
     * time, so on a busy machine some go on for a while: they are waited for.
     */
    public static void freeze(long pid) {
        send("STOP", pid);
        Path threads = Path.of("/proc/" + pid + "/task");
        if (Files.isDirectory(threads)) {
            Await.until(() -> areStopped(threads));
        }
    }

    public static void thaw(long pid) {
        send("CONT", pid);
    }

    private static boolean areStopped(Path threads) {
        try (Stream<Path> each = Files.list(threads)) {
            List<Path> all = each.toList();
            return all.stream().allMatch(Signals::isStopped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            // The name, which may have spaces, is in parentheses, and the state behind it.
            return stat.startsWith(STOPPED, stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            // It has ended.
            return true;
        } catch (IOException e) {
            // It ends just now: the next look.
            return false;
        }
    }
}
