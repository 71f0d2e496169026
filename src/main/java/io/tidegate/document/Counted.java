package io.tidegate.document;

import java.util.Locale;

/** Counts with their nouns, for people. */
public final class Counted {

    private Counted() {}

    /** {@code 1 update}, {@code 1,200 updates}. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** {@code 1 delivery}, {@code 2 deliveries}. */
    public static String of(long count, String singular, String plural) {
        return String.format(Locale.ROOT, "%,d ", count) + (count == 1 ? singular : plural);
    }
}
