package io.tidegate.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How far a load is, on one line of a terminal that is written over again and again. By any thread. */
final class ProgressBar {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 40;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private final boolean watched;
    private final long totalBytes;
    private final LongSupplier nanoClock;

    private long drawnAt;
    private boolean drawn;
    private boolean over;

    /**
     * Draws only if somebody watches.
     *
     * @param totalBytes size of the file; 0 if it is not known
     */
    ProgressBar(PrintStream terminal, boolean watched, long totalBytes, LongSupplier nanoClock) {
        this.terminal = terminal;
        this.watched = watched;
        this.totalBytes = totalBytes;
        this.nanoClock = nanoClock;
        this.drawnAt = nanoClock.getAsLong();
    }

    synchronized void at(long bytes, long count, String unit) {
        if (!watched || over) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (now - drawnAt >= INTERVAL_NANOS) {
            drawnAt = now;
            drawn = true;
            terminal.print(CLEAR_LINE + text(bytes, count + " " + unit + "s"));
            terminal.flush();
        }
    }

    /** Leaves the line to what is printed next, for good. */
    synchronized void clear() {
        over = true;
        makeWay();
    }

    /** Leaves the line to what is printed next, for now. */
    synchronized void makeWay() {
        if (drawn) {
            drawn = false;
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    private String text(long bytes, String count) {
        if (totalBytes == 0) {
            return count;
        }
        double part = Math.min(1, (double) bytes / totalBytes);
        int filled = (int) (part * WIDTH);
        String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
        return String.format(Locale.ROOT, "[%s] %3.0f %%  %s", bar, part * 100, count);
    }
}
