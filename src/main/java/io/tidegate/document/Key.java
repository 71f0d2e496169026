package io.tidegate.document;

/**
 * What a document is called within its collection, such as {@code o-17}.
 *
 * <p>A key is 1 to 512 characters of any kind, spaces too, but no control characters and no line breaks.
 *
 * @param text the key itself
 */
public record Key(String text) {

    static final int MAX_LENGTH = 512;

    /** @throws IllegalArgumentException with a message for the client if the key is not allowed */
    public Key {
        Words.requireText("key", text, MAX_LENGTH);
    }

    /** The key as one word of a request line. */
    public String word() {
        return PercentEncoding.encode(text);
    }

    /** Whether URLs can have it as a segment of their path: clients take {@code .} and {@code ..} out on their own. */
    boolean isAddressable() {
        return !text.equals(".") && !text.equals("..");
    }

    @Override
    public String toString() {
        return text;
    }
}
