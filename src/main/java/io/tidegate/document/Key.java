package io.tidegate.document;

/**
 * What a document is called within its collection, such as {@code o-17}.
 *
 * <p>A key is one word of the line protocol: 1 to 512 characters without white space or control characters.
 *
 * @param text the key itself
 */
public record Key(String text) {

    static final int MAX_LENGTH = 512;

    /** @throws IllegalArgumentException with a message for the client if the key is not allowed */
    public Key {
        Words.require("key", text, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return text;
    }
}
