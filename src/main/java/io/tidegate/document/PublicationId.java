package io.tidegate.document;

/**
 * What a publisher calls one change, so that sending it again does not do it again: an idempotency key.
 *
 * @param text 1 to 128 visible characters of ASCII without {@code "} and {@code \}; the publisher never gives it to another change of the
 *     same document
 */
public record PublicationId(String text) {

    /** Longest id, in characters. */
    public static final int MAX_LENGTH = 128;

    /** @throws IllegalArgumentException with a message for the client if it is not allowed */
    public PublicationId {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !text.chars().allMatch(PublicationId::isAllowed)) {
            throw new IllegalArgumentException("an id of a change is 1 to " + MAX_LENGTH
                    + " letters, digits and other visible characters of ASCII, without \" and \\");
        }
    }

    private static boolean isAllowed(int character) {
        return character > ' ' && character < 0x7f && character != '"' && character != '\\';
    }

    @Override
    public String toString() {
        return text;
    }
}
