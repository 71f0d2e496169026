package io.tidegate.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lines for a terminal: characters that would steer it, or turn the text around, are JSON escapes. Within a string, where
 * events have them, these mean the same.
 */
final class TerminalText {

    private TerminalText() {}

    static byte[] of(byte[] utf8, int from, int to) {
        var text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
        var safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (steers(c)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean steers(char c) {
        return (Character.isISOControl(c) && c != '\n') || turns(c) || c == '\u2028' || c == '\u2029';
    }

    /** Marks, embeddings, overrides and isolates of a direction. */
    private static boolean turns(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
