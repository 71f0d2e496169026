package io.tidegate.document;

/**
 * One document as a snapshot shows it.
 *
 * <p>A store may hand out the same view for one document after the other: it is valid only until the next one is read.
 */
public interface DocumentView {

    Collection collection();

    /** Sequence number of the update that gave it its value. */
    long seq();

    /** How long the JSON value is. */
    int valueBytes();

    /** Appends the key as a JSON string, quotes included. */
    void writeKey(Utf8Buffer target);

    /** Appends the JSON value. */
    void writeValue(Utf8Buffer target);
}
