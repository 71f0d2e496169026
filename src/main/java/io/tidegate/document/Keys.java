package io.tidegate.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which keys of one collection a {@link Selection} covers, asked of keys as they stand in event lines: within a JSON string, UTF-8.
 *
 * <p>Each character has one form in such a string, so a key begins like another if and only if its form does. Immutable.
 */
public final class Keys {

    /** Every key. */
    public static final Keys ALL = new Keys(List.of());

    /** No key. */
    public static final Keys NONE = new Keys(List.of());

    /** More of them are looked up instead of being compared one by one. */
    private static final int FEW = 4;

    private final byte[][] ones;
    private final Set<String> manyOnes;
    private final byte[][] beginnings;

    private Keys(List<Selector> selectors) {
        ones = selectors.stream()
                .filter(Selector.One.class::isInstance)
                .map(Keys::form)
                .toArray(byte[][]::new);
        manyOnes = ones.length > FEW ? new HashSet<>(2 * ones.length) : Set.of();
        if (ones.length > FEW) {
            for (byte[] one : ones) {
                manyOnes.add(text(one, 0, one.length));
            }
        }
        beginnings = selectors.stream()
                .filter(Selector.Prefix.class::isInstance)
                .map(Keys::form)
                .toArray(byte[][]::new);
    }

    /** @param selectors of one collection, none of which covers another */
    static Keys of(List<Selector> selectors) {
        return selectors.get(0) instanceof Selector.Whole ? ALL : new Keys(selectors);
    }

    private static byte[] form(Selector selector) {
        var buffer = new Utf8Buffer(64);
        buffer.putJsonString(selector.beginning());
        byte[] quoted = buffer.toArray();
        return Arrays.copyOfRange(quoted, 1, quoted.length - 1);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether it covers the key that begins there.
     *
     * @param line holds a JSON string whose text begins at {@code from}, and its quotation mark
     */
    public boolean include(byte[] line, int from) {
        if (this == ALL) {
            return true;
        }
        for (byte[] beginning : beginnings) {
            if (startsWith(line, from, beginning)) {
                return true;
            }
        }
        if (ones.length > FEW) {
            return manyOnes.contains(text(line, from, end(line, from)));
        }
        for (byte[] one : ones) {
            if (startsWith(line, from, one) && line[from + one.length] == '"') {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] line, int from, byte[] form) {
        int end = from + form.length;
        return end < line.length && Arrays.equals(line, from, end, form, 0, form.length);
    }

    private static int end(byte[] line, int from) {
        int at = from;
        while (line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
