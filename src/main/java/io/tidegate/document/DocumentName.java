package io.tidegate.document;

/**
 * What a document is called: its collection, and its key within that.
 *
 * <p>It is comparable so that names that were made to collide do no harm in a hash map.
 */
public record DocumentName(Collection collection, Key key) implements Comparable<DocumentName> {

    @Override
    public int compareTo(DocumentName other) {
        int order = collection.compareTo(other.collection);
        return order == 0 ? key.text().compareTo(other.key.text()) : order;
    }

    @Override
    public String toString() {
        return collection + "/" + key;
    }
}
