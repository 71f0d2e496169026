package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The documents: collection, one 0 byte, key to sequence number, big-endian, and JSON.
 *
 * <p>Neither name contains a 0 byte, so the order of the bytes is the order of collections and, within each, of keys.
 * Writing is for one thread at a time: its buffers are reused.
 */
final class StateFamily {

    /** At least as long as any key: 128 and 512 characters of at most 4 bytes each, and the 0 byte. */
    static final int MAX_KEY_BYTES = 2568;

    /** The native side takes values up to this size from one buffer; larger ones are worth an array of their own. */
    private static final int BUFFER_BYTES = 64 << 10;

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    private final ByteBuffer key = ByteBuffer.allocateDirect(MAX_KEY_BYTES);
    private final ByteBuffer value = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] json = new byte[BUFFER_BYTES];

    // Neighbours mostly share their collection.
    private @Nullable Collection collection;
    private byte[] prefix = new byte[0];

    StateFamily(RocksDB rocks, ColumnFamilyHandle family) {
        this.rocks = rocks;
        this.family = family;
    }

    /**
     * Writes what the changes leave behind: of several changes of one document, the last. The others would be overwritten
     * by the same write, and cost as much as it.
     */
    void apply(List<Change> changes, long firstSeq, WriteBatch write) throws RocksDBException {
        var written = new HashSet<DocumentName>(2 * changes.size());
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i);
            if (written.add(change.name())) {
                apply(change, firstSeq + i, write);
            }
        }
    }

    private void apply(Change change, long seq, WriteBatch write) throws RocksDBException {
        setKey(change);
        if (change instanceof Change.Put put) {
            put(seq, put.value(), write);
        } else {
            write.delete(family, key);
        }
    }

    private void setKey(Change change) {
        if (!change.collection().equals(collection)) {
            collection = change.collection();
            prefix = prefix(collection);
        }
        key.clear()
                .put(prefix)
                .put(change.key().text().getBytes(StandardCharsets.UTF_8))
                .flip();
    }

    private void put(long seq, Json content, WriteBatch write) throws RocksDBException {
        int length = content.length();
        if (length > BUFFER_BYTES - Long.BYTES) {
            putLarge(seq, content, write);
            return;
        }
        content.copyTo(json, 0);
        value.clear().putLong(seq).put(json, 0, length).flip();
        write.put(family, key, value);
    }

    private void putLarge(long seq, Json content, WriteBatch write) throws RocksDBException {
        byte[] keyBytes = new byte[key.remaining()];
        key.get(keyBytes);
        byte[] valueBytes = new byte[Long.BYTES + content.length()];
        ByteBuffer.wrap(valueBytes).putLong(seq);
        content.copyTo(valueBytes, Long.BYTES);
        write.put(family, keyBytes, valueBytes);
    }

    /** What a document has as its value, sequence number included; null if there is no such document. By any thread. */
    byte @Nullable [] get(Collection collection, Key name) throws RocksDBException {
        return rocks.get(family, keyOf(collection, name));
    }

    /** The same of a document whose name is known in UTF-8, as it was at some moment. */
    byte @Nullable [] get(Collection collection, ByteBuffer name, ReadOptions options) throws RocksDBException {
        return rocks.get(family, options, key(collection, name));
    }

    /** The sequence number alone, however long the JSON; 0 if there is no such document. By any thread. */
    long seqOf(Collection collection, Key name) throws RocksDBException {
        byte[] seq = new byte[Long.BYTES];
        int found = rocks.get(family, keyOf(collection, name), seq);
        return found == RocksDB.NOT_FOUND ? 0 : ByteBuffer.wrap(seq).getLong();
    }

    private static byte[] keyOf(Collection collection, Key name) {
        return key(collection, ByteBuffer.wrap(name.text().getBytes(StandardCharsets.UTF_8)));
    }

    /** The key of a document, or what those begin with whose names begin so, of a name in UTF-8. */
    static byte[] key(Collection collection, ByteBuffer name) {
        byte[] prefix = prefix(collection);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + name.remaining());
        name.get(name.position(), whole, prefix.length, name.remaining());
        return whole;
    }

    RocksIterator iterator(ReadOptions options) {
        return rocks.newIterator(family, options);
    }

    /** What all keys of a collection, and no others, start with. */
    private static byte[] prefix(Collection collection) {
        byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(name, name.length + 1);
    }
}
