package io.tidegate.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which keys of one collection a {@link Selection} covers, asked of keys as bytes: as they stand in event lines, within a JSON string, or
 * in plain UTF-8, as stores have them.
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

    /** What is looked for, in one of the forms that keys have. */
    private static final class Forms {

        private final byte[][] ones;
        private final Set<String> many;
        private final byte[][] beginnings;

        Forms(List<Selector> selectors, Function<Selector, byte[]> form) {
            ones = selectors.stream()
                    .filter(Selector.One.class::isInstance)
                    .map(form)
                    .toArray(byte[][]::new);
            many = ones.length > FEW ? new HashSet<>(2 * ones.length) : Set.of();
            if (ones.length > FEW) {
                for (byte[] one : ones) {
                    many.add(text(one, 0, one.length));
                }
            }
            beginnings = selectors.stream()
                    .filter(Selector.Prefix.class::isInstance)
                    .map(form)
                    .sorted(Arrays::compareUnsigned)
                    .toArray(byte[][]::new);
        }

        boolean isAny(byte[] bytes, int from, int to) {
            if (ones.length > FEW) {
                return many.contains(text(bytes, from, to));
            }
            for (byte[] one : ones) {
                if (Arrays.equals(bytes, from, to, one, 0, one.length)) {
                    return true;
                }
            }
            return false;
        }

        /** The same of a key that a quotation mark ends, which is seldom looked for. */
        boolean isQuotedAny(byte[] line, int from) {
            if (ones.length > FEW) {
                return many.contains(text(line, from, end(line, from)));
            }
            for (byte[] one : ones) {
                if (startsWith(line, from, line.length - 1, one) && line[from + one.length] == '"') {
                    return true;
                }
            }
            return false;
        }

        /** None of the beginnings begins another, so only the greatest of them that is not greater than the key can begin it. */
        boolean isBegunWith(byte[] bytes, int from, int to) {
            int low = 0;
            int high = beginnings.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                byte[] beginning = beginnings[middle];
                if (Arrays.compareUnsigned(beginning, 0, beginning.length, bytes, from, to) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low > 0 && startsWith(bytes, from, to, beginnings[low - 1]);
        }
    }

    private final Forms quoted;

    /** The same object if no key has a character that JSON escapes. */
    private final Forms plain;

    private Keys(List<Selector> selectors) {
        quoted = new Forms(selectors, Keys::quoted);
        boolean areSame = selectors.stream().allMatch(selector -> Arrays.equals(quoted(selector), plain(selector)));
        plain = areSame ? quoted : new Forms(selectors, Keys::plain);
    }

    /** @param selectors of one collection, none of which covers another */
    static Keys of(List<Selector> selectors) {
        return selectors.get(0) instanceof Selector.Whole ? ALL : new Keys(selectors);
    }

    private static byte[] quoted(Selector selector) {
        var buffer = new Utf8Buffer(64);
        buffer.putJsonString(selector.beginning());
        byte[] quoted = buffer.toArray();
        return Arrays.copyOfRange(quoted, 1, quoted.length - 1);
    }

    private static byte[] plain(Selector selector) {
        return selector.beginning().getBytes(StandardCharsets.UTF_8);
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
        return this == ALL || quoted.isBegunWith(line, from, line.length) || quoted.isQuotedAny(line, from);
    }

    /** Whether it covers the key whose UTF-8 is there. */
    public boolean includeUtf8(byte[] bytes, int from, int to) {
        return this == ALL || plain.isBegunWith(bytes, from, to) || plain.isAny(bytes, from, to);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] form) {
        int end = from + form.length;
        return end <= to && Arrays.equals(bytes, from, end, form, 0, form.length);
    }

    private static int end(byte[] line, int from) {
        int at = from;
        while (line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
