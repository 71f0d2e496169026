package io.tidegate.cli.bench;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a run is doing, on one line of a terminal that is written over again and again. */
final class ProgressLine {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final boolean watched;
    private long drawnAt = System.nanoTime();
    private boolean drawn;

    /** Draws only if somebody watches. */
    ProgressLine(PrintWriter terminal, boolean watched) {
        this.terminal = terminal;
        this.watched = watched;
    }

    void show(Supplier<String> text) {
        if (watched && System.nanoTime() - drawnAt >= INTERVAL_NANOS) {
            drawnAt = System.nanoTime();
            drawn = true;
            terminal.print(CLEAR_LINE + text.get());
            terminal.flush();
        }
    }

    /** Leaves the line to what is printed next. */
    void clear() {
        if (drawn) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }
}
