package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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

    /** Longer than any key: 128 and 512 characters of at most 3 bytes each, or 4 for two, and the 0 byte. */
    static final int MAX_KEY_BYTES = 2048;

    /** The native side takes values up to this size from one buffer; larger ones are worth an array of their own. */
    private static final int BUFFER_BYTES = 64 << 10;

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    private final ByteBuffer key = ByteBuffer.allocateDirect(MAX_KEY_BYTES);
    private final ByteBuffer value = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] json = new byte[BUFFER_BYTES];

    StateFamily(RocksDB rocks, ColumnFamilyHandle family) {
        this.rocks = rocks;
        this.family = family;
    }

    void apply(List<Change> changes, long firstSeq, WriteBatch write) throws RocksDBException {
        long seq = firstSeq;
        for (Change change : changes) {
            setKey(change);
            if (change instanceof Change.Put put) {
                put(seq, put.value(), write);
            } else {
                write.delete(family, key);
            }
            seq++;
        }
    }

    private void setKey(Change change) {
        key.clear()
                .put(prefix(change.collection()))
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

    RocksIterator iterator(ReadOptions options) {
        return rocks.newIterator(family, options);
    }

    /** What all keys of a collection, and no others, start with. */
    static byte[] prefix(Collection collection) {
        byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(name, name.length + 1);
    }
}
