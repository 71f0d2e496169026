package io.tidegate.rocksdb;

import io.tidegate.document.Collection;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Utf8Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Shows the document that an iterator over the state points to.
 *
 * <p>Keys and values come through buffers that are reused, and neighbours share their collection: that is what makes a
 * scan of small documents fast.
 */
final class DocumentReader implements DocumentView {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final RocksIterator iterator;
    private final byte[] key = new byte[StateFamily.MAX_KEY_BYTES];
    private int keyLength;
    private byte[] value = new byte[4096];
    private int valueLength;
    private @Nullable Collection collection;
    private byte[] prefix = new byte[0];

    DocumentReader(RocksIterator iterator) {
        this.iterator = iterator;
    }

    /** Goes to where the iterator is now; false at the end. */
    boolean loadKey() {
        if (!iterator.isValid()) {
            return false;
        }
        keyLength = iterator.key(key);
        return true;
    }

    boolean keyIsIn(KeyRange range) {
        return range.isSingle()
                ? Arrays.equals(key, 0, keyLength, range.start(), 0, range.start().length)
                : keyStartsWith(range.start());
    }

    private boolean keyStartsWith(byte[] start) {
        return keyLength >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
    }

    @Override
    public Collection collection() {
        return collectionOfKey();
    }

    @Override
    public long seq() {
        return (long) LONG.get(value, 0);
    }

    @Override
    public int valueBytes() {
        return valueLength - Long.BYTES;
    }

    @Override
    public void writeKey(Utf8Buffer target) {
        collectionOfKey();
        target.putJsonString(key, prefix.length, keyLength - prefix.length);
    }

    @Override
    public void writeValue(Utf8Buffer target) {
        target.put(value, Long.BYTES, valueLength - Long.BYTES);
    }

    /** Loads the value, after {@link #loadKey}. */
    void loadValue() {
        valueLength = iterator.value(value);
        if (valueLength > value.length) {
            value = new byte[Math.max(valueLength, 2 * value.length)];
            valueLength = iterator.value(value);
        }
    }

    private Collection collectionOfKey() {
        Collection known = collection;
        if (known != null && keyStartsWith(prefix)) {
            return known;
        }
        int end = 0;
        while (key[end] != 0) {
            end++;
        }
        var found = new Collection(new String(key, 0, end, StandardCharsets.UTF_8));
        prefix = Arrays.copyOf(key, end + 1);
        collection = found;
        return found;
    }

    /** The current key. */
    byte[] key() {
        return Arrays.copyOf(key, keyLength);
    }
}
