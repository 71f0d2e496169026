package io.tidegate.cli.bench;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Selector;
import java.util.Locale;

/**
 * The documents of a run: how they are called, and which of them are selected together.
 *
 * <pre>
 *  by          collection       key                    selected by
 *  all         bench            k00000042              bench
 *  key         bench            k00000042              bench/k00000042
 *  prefix      bench            g00000002-k00000042    bench/g00000002-*
 *  collection  bench-00000002   k00000042              bench-00000002
 * </pre>
 *
 * @param collection its name, or how those of its groups begin
 * @param count how many there are; updates go to them in turn
 * @param selections how many there are; by key they are those of the first documents, otherwise each document is in one
 */
record Documents(Collection collection, int count, By by, int selections) {

    /** What the documents of a selection have in common. */
    enum By {
        ALL,
        KEY,
        PREFIX,
        COLLECTION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int MAX_COUNT = 100_000_000;

    /** Digits of the number of a document, and of a group. */
    static final int DIGITS = 8;

    /** Stand in a form for the digits; no name has them. */
    static final char GROUP = 1;

    static final char NUMBER = 2;

    /** In the line of an update, between the last digit of the key and the value. */
    private static final int BEFORE_VALUE = "\",\"value\":".length();

    private static final int BETWEEN_NAMES = "\",\"key\":\"k".length();

    /** All documents together. */
    static Documents together(Collection collection, int count) {
        return new Documents(collection, count, By.ALL, 1);
    }

    /** Which selection a document is in; -1 if it is in none. */
    int selection(long document) {
        return switch (by) {
            case ALL -> 0;
            case KEY -> document < selections ? (int) document : -1;
            case PREFIX, COLLECTION -> (int) (document % selections);
        };
    }

    /** A selection as a follower asks for it; behind the last one are those of documents that there are not. */
    Selector selector(int selection) {
        String number = String.format(Locale.ROOT, "%0" + DIGITS + "d", selection);
        return switch (by) {
            case ALL -> new Selector.Whole(collection);
            case KEY -> new Selector.One(collection, new Key("k" + number));
            case PREFIX -> new Selector.Prefix(collection, "g" + number + "-");
            case COLLECTION -> new Selector.Whole(new Collection(collection + "-" + number));
        };
    }

    /** One of those that nobody publishes, counted from 0. */
    Selector unchanged(int number) {
        return by == By.ALL || by == By.KEY
                ? new Documents(collection, count, By.KEY, selections).selector(Math.max(count, selections) + number)
                : selector(selections + number);
    }

    /** The collection of a document, with {@link #GROUP} in place of each digit of its group. */
    String collectionForm() {
        return by == By.COLLECTION ? collection + "-" + String.valueOf(GROUP).repeat(DIGITS) : collection.name();
    }

    /** The key of a document, with {@link #GROUP} and {@link #NUMBER} in place of digits. */
    String keyForm() {
        String key = "k" + String.valueOf(NUMBER).repeat(DIGITS);
        return by == By.PREFIX ? "g" + String.valueOf(GROUP).repeat(DIGITS) + "-" + key : key;
    }

    /** The selection of the document whose update is in a line, from where the update has its value; -1 if it is in none. */
    int selectionOf(byte[] line, int value) {
        int key = value - BEFORE_VALUE - DIGITS;
        return switch (by) {
            case ALL -> 0;
            case KEY -> selection(Octets.decimal(line, key, key + DIGITS));
            case PREFIX -> group(line, key - "-k".length() - DIGITS);
            case COLLECTION -> group(line, key - BETWEEN_NAMES - DIGITS);
        };
    }

    private static int group(byte[] line, int at) {
        return (int) Octets.decimal(line, at, at + DIGITS);
    }
}
