package io.tidegate.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How something goes on: on one line of a terminal that is written over again and again, or on a line now and then. */
final class StatusLine {

    private static final long PLAIN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoClock;
    private long printedAt;
    private boolean drawn;

    /** @param terminal whether a person sees what is written as it is written */
    StatusLine(PrintStream out, boolean terminal, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
        printedAt = nanoClock.getAsLong();
    }

    void show(String text) {
        if (terminal) {
            drawn = true;
            out.print(CLEAR_LINE + text);
            out.flush();
        } else if (nanoClock.getAsLong() - printedAt >= PLAIN_INTERVAL_NANOS) {
            printedAt = nanoClock.getAsLong();
            out.println(text);
        }
    }

    /** Leaves the line to what is printed next. */
    void clear() {
        if (drawn) {
            drawn = false;
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
