package io.tidegate.document;

import java.nio.charset.CharacterCodingException;
import java.util.Set;

/**
 * Names documents: those of a collection, one of them, or those whose keys begin alike.
 *
 * <p>As one word: {@code orders}, {@code orders/o-17}, {@code orders/eu-*}. The first {@code /} ends the collection. Both parts are
 * percent-encoded, so that a {@code /} in the name of a collection is {@code %2F}, and a {@code *} that ends a key itself is
 * {@code %2A}. {@code orders/*} is {@code orders}.
 *
 * <p>Immutable; ordered by collection, then by key, a prefix behind the key that it is.
 */
public sealed interface Selector extends Comparable<Selector> {

    /** Words that begin or replace a list of selectors; a collection of that name is written with its first letter encoded. */
    Set<String> KEYWORDS = Set.of("after", "latest", "none");

    Collection collection();

    /** The key that it names, or what the keys that it names begin with. */
    String beginning();

    boolean includes(DocumentName name);

    /** Whether it names all that the other one does. */
    boolean covers(Selector other);

    /** A collection as a whole. */
    record Whole(Collection collection) implements Selector {
        @Override
        public String beginning() {
            return "";
        }

        @Override
        public boolean includes(DocumentName name) {
            return collection.equals(name.collection());
        }

        @Override
        public boolean covers(Selector other) {
            return collection.equals(other.collection());
        }

        @Override
        public String toString() {
            String word = encoded(collection);
            return KEYWORDS.contains(word) ? "%%%02X%s".formatted((int) word.charAt(0), word.substring(1)) : word;
        }
    }

    /**
     * The documents of a collection whose keys begin with a text.
     *
     * @param beginning a text that keys may have; not empty
     */
    record Prefix(Collection collection, String beginning) implements Selector {

        public Prefix {
            Words.requireText("key", beginning, Key.MAX_LENGTH);
        }

        @Override
        public boolean includes(DocumentName name) {
            return collection.equals(name.collection()) && name.key().text().startsWith(beginning);
        }

        @Override
        public boolean covers(Selector other) {
            return !(other instanceof Whole)
                    && collection.equals(other.collection())
                    && other.beginning().startsWith(beginning);
        }

        @Override
        public String toString() {
            return encoded(collection) + "/" + PercentEncoding.encode(beginning) + "*";
        }
    }

    /** One document, whether there is one of that name or not. */
    record One(Collection collection, Key key) implements Selector {
        @Override
        public String beginning() {
            return key.text();
        }

        @Override
        public boolean includes(DocumentName name) {
            return collection.equals(name.collection()) && key.equals(name.key());
        }

        @Override
        public boolean covers(Selector other) {
            return equals(other);
        }

        @Override
        public String toString() {
            String word = PercentEncoding.encode(key.text());
            return encoded(collection) + "/"
                    + (word.endsWith("*") ? word.substring(0, word.length() - 1) + "%2A" : word);
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException with a message for the client
     */
    static Selector parse(String word) {
        int slash = word.indexOf('/');
        if (slash < 0) {
            return new Whole(new Collection(decoded(word)));
        }
        var collection = new Collection(decoded(word.substring(0, slash)));
        String keys = word.substring(slash + 1);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a key is missing behind the /: a collection as a whole is written "
                    + Visible.of(new Whole(collection).toString()));
        }
        if (!keys.endsWith("*")) {
            return new One(collection, new Key(decoded(keys)));
        }
        String beginning = decoded(keys.substring(0, keys.length() - 1));
        return beginning.isEmpty() ? new Whole(collection) : new Prefix(collection, beginning);
    }

    private static String decoded(String part) {
        try {
            return PercentEncoding.decode(part);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "what a selector has as %XX is not valid UTF-8: a % itself is written %25", e);
        }
    }

    private static String encoded(Collection collection) {
        return PercentEncoding.encode(collection.name()).replace("/", "%2F");
    }

    @Override
    default int compareTo(Selector other) {
        int order = collection().compareTo(other.collection());
        if (order == 0) {
            order = beginning().compareTo(other.beginning());
        }
        return order == 0 ? Integer.compare(rank(), other.rank()) : order;
    }

    /** Two of the same words differ in what they are. */
    private int rank() {
        return this instanceof Whole ? 0 : this instanceof One ? 1 : 2;
    }
}
