package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Batch;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The index of changes: first sequence number of a batch, big-endian, to the {@linkplain ChangedNames names} that it changed.
 *
 * <pre>
 *  log       ·   ·   ·  [41..44]   [45]   [46..49] ◄─┐
 *  changes  [1..40]     [41..44]   [45]   [46..49] ◄─┼─ one commit
 *  state     orders/o-17 → 44, {…}   …             ◄─┘
 * </pre>
 *
 * <p>It is written with the commit and without a read, so an entry is not taken back when its document changes again: it is stale then,
 * which whoever reads it sees in the state. A deleted document is in no state; its entry is what is left of it, its tombstone. It
 * reaches at least as far back as the log, as far as there were commits since there is an index. It is trimmed as the log is, see
 * {@link LogFamily}.
 */
final class ChangesFamily {

    private static final long UNKNOWN = -1;

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    // For the thread that writes.
    private final ChangedNamesBuilder builder = new ChangedNamesBuilder();
    private final ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
    private ByteBuffer value = ByteBuffer.allocateDirect(16 << 10);
    private long bytes = UNKNOWN;

    ChangesFamily(RocksDB rocks, ColumnFamilyHandle family) {
        this.rocks = rocks;
        this.family = family;
    }

    /**
     * Adds the records of these batches to what is about to be written.
     *
     * @return {@link #bytes()} from then on
     */
    long put(List<Batch> batches, List<Change> changes, WriteBatch write) throws RocksDBException {
        long before = bytes();
        int from = 0;
        for (Batch batch : batches) {
            int to = from + batch.count();
            Utf8Buffer names = builder.build(changes.subList(from, to), before, batch.committedAtMillis());
            put(batch.firstSeq(), names, write);
            before += names.length();
            from = to;
        }
        return before;
    }

    private void put(long firstSeq, Utf8Buffer names, WriteBatch write) throws RocksDBException {
        if (names.length() > value.capacity()) {
            value = ByteBuffer.allocateDirect(2 * names.length());
        }
        key.clear().putLong(firstSeq).flip();
        value.clear().put(names.array(), 0, names.length()).flip();
        write.put(family, key, value);
    }

    /** What {@link #put} was told is written. */
    void written(long bytesThen) {
        bytes = bytesThen;
    }

    /** Of all records, trimmed ones included. For the thread that writes. */
    long bytes() throws RocksDBException {
        if (bytes == UNKNOWN) {
            ChangedNames last = atOrBefore(Long.MAX_VALUE);
            bytes = last == null ? 0 : last.bytesAfter();
        }
        return bytes;
    }

    /** The first record that starts at {@code seq} or later. */
    @Nullable
    ChangedNames firstFrom(long seq) throws RocksDBException {
        try (RocksIterator iterator = iterator()) {
            iterator.seek(key(seq));
            return at(iterator);
        }
    }

    /** The record that starts at {@code seq} or is the nearest to start before it. */
    @Nullable
    ChangedNames atOrBefore(long seq) throws RocksDBException {
        try (RocksIterator iterator = iterator()) {
            return atOrBefore(seq, iterator);
        }
    }

    /** Goes there with an {@link #iterator()}. */
    @Nullable
    static ChangedNames atOrBefore(long seq, RocksIterator iterator) throws RocksDBException {
        iterator.seekForPrev(key(seq));
        return at(iterator);
    }

    @Nullable
    static ChangedNames next(RocksIterator iterator) throws RocksDBException {
        iterator.next();
        return at(iterator);
    }

    private static @Nullable ChangedNames at(RocksIterator iterator) throws RocksDBException {
        if (!iterator.isValid()) {
            iterator.status();
            return null;
        }
        return ChangedNames.of(Database.number(iterator.key()), iterator.value());
    }

    /** Sees what there is now, also if it is trimmed meanwhile. */
    RocksIterator iterator() {
        return rocks.newIterator(family);
    }

    /** Sees what there was at some moment. */
    RocksIterator iterator(ReadOptions options) {
        return rocks.newIterator(family, options);
    }

    /** The last number that such an iterator sees; 0 if there is none. */
    static long newest(RocksIterator iterator) throws RocksDBException {
        iterator.seekToLast();
        ChangedNames last = at(iterator);
        return last == null ? 0 : last.lastSeq();
    }

    /** Gives the disk whole files back, as {@link LogFamily#giveBackBefore} does. */
    void giveBackBefore(long seq) throws RocksDBException {
        rocks.deleteFilesInRanges(family, List.of(key(0), key(seq)), false);
    }

    private static byte[] key(long seq) {
        return Database.bytes(seq);
    }
}
