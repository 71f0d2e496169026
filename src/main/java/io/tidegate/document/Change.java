package io.tidegate.document;

/** A put or a delete of one document, before it has its place in the order of the feed. Immutable. */
public sealed interface Change {

    Collection collection();

    Key key();

    /** Of the document that it changes. */
    default DocumentName name() {
        return new DocumentName(collection(), key());
    }

    /** Bytes that this change counts for against the limits of queues and batches; an estimate. */
    int weight();

    /** Sets the document to {@code value}. */
    record Put(Collection collection, Key key, Json value) implements Change {

        /** @throws IllegalArgumentException with a message for the client if no new document may have that name */
        public Put {
            if (!collection.isSelectable()) {
                throw new IllegalArgumentException(
                        "a collection cannot have a / in its name, which ends it in selectors such as orders/o-17:"
                                + " choose another name");
            }
            if (!key.isAddressable()) {
                throw new IllegalArgumentException("a key cannot be '" + key
                        + "', which browsers and other HTTP clients cannot address: choose another key");
            }
        }

        @Override
        public int weight() {
            return OVERHEAD_BYTES + key.text().length() + value.length();
        }
    }

    /** Removes the document; removing one that does not exist is an update like any other. */
    record Delete(Collection collection, Key key) implements Change {
        @Override
        public int weight() {
            return OVERHEAD_BYTES + key.text().length();
        }
    }

    /** What an update costs besides its key and value: names, sequence number, index entry. */
    int OVERHEAD_BYTES = 100;

    /**
     * A put from plain strings.
     *
     * @throws IllegalArgumentException if the collection or the key is not allowed, or {@code json} is not one JSON value
     */
    static Change put(String collection, String key, String json) {
        return new Put(new Collection(collection), new Key(key), Json.of(json));
    }

    /**
     * A delete from plain strings.
     *
     * @throws IllegalArgumentException if the collection or the key is not allowed
     */
    static Change delete(String collection, String key) {
        return new Delete(new Collection(collection), new Key(key));
    }
}
