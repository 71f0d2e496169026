package io.tidegate.document;

/** The rule that collections and keys share: each is one word of a request line. */
final class Words {

    private Words() {}

    static void require(String what, String word, int maxLength) {
        if (word.isEmpty() || word.length() > maxLength) {
            throw new IllegalArgumentException("a " + what + " has 1 to " + maxLength + " characters");
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c > 0x20 && c < 0x7f) {
                continue;
            }
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
                throw new IllegalArgumentException("a " + what + " has no white space and no control characters");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == word.length()
                        || !Character.isLowSurrogate(word.charAt(i + 1))) {
                    throw new IllegalArgumentException("a " + what + " is Unicode text without lone surrogates");
                }
                i++;
            }
        }
    }
}
