package io.tidegate.document;

/**
 * The name of a set of documents, such as {@code orders}.
 *
 * <p>A name is one word of the line protocol: 1 to 128 characters without white space or control characters. The word
 * {@code after} is taken by the protocol.
 *
 * @param name the name itself
 */
public record Collection(String name) implements Comparable<Collection> {

    static final int MAX_LENGTH = 128;

    /** @throws IllegalArgumentException with a message for the client if the collection is not allowed */
    public Collection {
        Words.requireWord("collection", name, MAX_LENGTH);
        if (name.equals("after")) {
            throw new IllegalArgumentException("a collection cannot be named 'after': choose another name");
        }
    }

    /** Whether it can be written in a selector as it stands; documents are put into no other. */
    boolean isSelectable() {
        return name.indexOf('/') < 0;
    }

    @Override
    public int compareTo(Collection other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
