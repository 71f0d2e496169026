package io.tidegate.document;

import java.util.Locale;
import java.util.stream.Collectors;

/** Text for people: what cannot be seen, or would steer a terminal, is told by its number. */
public final class Visible {

    private Visible() {}

    /** The text with {@code U+009B} for that character, and so on; line breaks and tabs too. */
    public static String of(String text) {
        return text.codePoints().allMatch(Visible::isVisible) ? text : spelled(text);
    }

    /** The same of text that may have lines: line feeds and tabs stay. */
    public static String ofLines(String text) {
        return text.codePoints().allMatch(c -> isVisible(c) || isLayout(c))
                ? text
                : text.codePoints()
                        .mapToObj(c -> isVisible(c) || isLayout(c) ? Character.toString(c) : number(c))
                        .collect(Collectors.joining());
    }

    private static boolean isLayout(int c) {
        return c == '\n' || c == '\t';
    }

    private static String spelled(String text) {
        var visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isVisible(c)) {
                visible.appendCodePoint(c);
            } else {
                visible.append(number(c));
            }
        });
        return visible.toString();
    }

    /** One character in quotes if it can be seen, else its number. */
    public static String character(int c) {
        return isVisible(c) && !Character.isSpaceChar(c) ? "'" + Character.toString(c) + "'" : number(c);
    }

    static String number(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }

    /** Controls, formats (directions among them), line separators and surrogates are not. */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
