package io.tidegate.document;

/**
 * One document with all that belongs to it, which may be kept.
 *
 * @param seq sequence number of the update that gave it this value
 */
public record Document(Collection collection, Key key, long seq, Json value) implements DocumentView {

    @Override
    public int valueBytes() {
        return value.length();
    }

    @Override
    public void writeKey(Utf8Buffer target) {
        target.putJsonString(key.text());
    }

    @Override
    public void writeValue(Utf8Buffer target) {
        target.put(value);
    }
}
