package io.tidegate.cli.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Numbers for people. */
final class Figures {

    private static final double MILLION = 1e6;

    private Figures() {}

    /** With three or more digits, and no more decimals than that takes. */
    static String number(double value) {
        int decimals = value == Math.rint(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String megabytes(long bytes) {
        return number(bytes / MILLION) + " MB";
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%,.3f", (double) nanos / TimeUnit.MILLISECONDS.toNanos(1));
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", RunClock.secondsOf(nanos));
    }
}
