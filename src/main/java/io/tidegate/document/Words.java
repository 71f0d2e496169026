package io.tidegate.document;

/** The rules that collections and keys share. Lengths are counted in code points, which is what people take for characters. */
final class Words {

    private Words() {}

    /** A collection: one word of a request line as it stands. */
    static void requireWord(String what, String word, int maxLength) {
        require(what, word, maxLength, false);
    }

    /** A key: also with spaces, which are percent-encoded on a request line. */
    static void requireText(String what, String text, int maxLength) {
        require(what, text, maxLength, true);
    }

    private static void require(String what, String text, int maxLength, boolean spaced) {
        if (text.isEmpty() || text.codePointCount(0, text.length()) > maxLength) {
            throw new IllegalArgumentException("a " + what + " has 1 to " + maxLength + " characters");
        }
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (c <= ' ' || c >= 0x7f) {
                requireAllowed(what, c, spaced);
            }
        }
    }

    private static void requireAllowed(String what, int c, boolean spaced) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw new IllegalArgumentException("a " + what + " is Unicode text without lone surrogates");
        }
        if (isControl(c)) {
            throw new IllegalArgumentException("a " + what + " has no control characters and no line breaks, and "
                    + Visible.number(c) + " is one");
        }
        if (!spaced && (Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new IllegalArgumentException("a " + what + " has no white space");
        }
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }
}
