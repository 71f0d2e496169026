package io.tidegate.rocksdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.rocksdb.RocksDBException;

/**
 * Which documents a batch changed, without what they became: one record of the index of changes. Shows its updates one after another.
 *
 * <pre>
 *  ┌────────┬──────────────────────────────┬───────────────────────────────────────────────────────────────┐
 *  │ header │ collections: length (2),     │ per update: twice the number of its collection, and one more  │
 *  │ (24)   │ UTF-8                        │ for a delete (v); length of its key (v), the key in UTF-8     │
 *  └────────┴──────────────────────────────┴───────────────────────────────────────────────────────────────┘
 *  header: commit time in epoch milliseconds (8), bytes of all earlier records (8), updates (4), bytes of collections (4)
 *  v: seven bits a byte, the lowest first, and the eighth if more follow
 * </pre>
 *
 * <p>All other numbers are big-endian. Not thread-safe.
 */
final class ChangedNames {

    static final int HEADER_BYTES = 24;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] stored;
    private final long firstSeq;
    private final int count;
    private final int tableEnd;

    // Where it is: before the first update, at one, or behind the last.
    private int update = -1;
    private int next;
    private int collectionAndKind;
    private int keyStart;

    private ChangedNames(long firstSeq, byte[] stored) {
        this.stored = stored;
        this.firstSeq = firstSeq;
        count = (int) INT.get(stored, 16);
        tableEnd = HEADER_BYTES + (int) INT.get(stored, 20);
        next = tableEnd;
        if (count < 1 || tableEnd < HEADER_BYTES || tableEnd + 2L * count > stored.length) {
            throw new IndexOutOfBoundsException("the parts do not fit");
        }
    }

    /**
     * Takes over a stored form.
     *
     * @throws RocksDBException if it is not one
     */
    static ChangedNames of(long firstSeq, byte[] stored) throws RocksDBException {
        try {
            return new ChangedNames(firstSeq, stored);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(firstSeq, e);
        }
    }

    RocksDBException damaged(RuntimeException e) {
        return damaged(firstSeq, e);
    }

    private static RocksDBException damaged(long firstSeq, RuntimeException e) {
        return Failures.corruption(
                "the index of changes is not readable at update " + firstSeq + ", " + e.getMessage());
    }

    long firstSeq() {
        return firstSeq;
    }

    long lastSeq() {
        return firstSeq + count - 1;
    }

    long committedAtMillis() {
        return (long) LONG.get(stored, 0);
    }

    /** Of all records before this one in this life of the index, trimmed ones included. */
    long bytesBefore() {
        return (long) LONG.get(stored, 8);
    }

    /** The same of the record that follows. */
    long bytesAfter() {
        return bytesBefore() + stored.length;
    }

    /** Goes to the next update; false if there is none. */
    boolean advance() throws RocksDBException {
        update++;
        if (update >= count) {
            return false;
        }
        try {
            collectionAndKind = number();
            int length = number();
            keyStart = next;
            next += length;
            if (length < 1 || next > stored.length) {
                throw new IndexOutOfBoundsException("the key does not fit");
            }
            return true;
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    private int number() {
        int value = 0;
        int shift = 0;
        byte read;
        do {
            read = stored[next++];
            value |= (read & 0x7f) << shift;
            shift += 7;
        } while (read < 0 && shift < 21);
        return value;
    }

    long seq() {
        return firstSeq + update;
    }

    boolean isDelete() {
        return (collectionAndKind & 1) != 0;
    }

    /** Which of its collections, counted from 0. */
    int collection() {
        return collectionAndKind >>> 1;
    }

    /** The array that the key is in. */
    byte[] bytes() {
        return stored;
    }

    int keyStart() {
        return keyStart;
    }

    int keyEnd() {
        return next;
    }

    /** Where the table of collections ends, which begins behind the header. */
    int tableEnd() {
        return tableEnd;
    }

    /** Length of the name of a collection that stands in the table there, two bytes further on. */
    int nameLength(int at) {
        return (short) SHORT.get(stored, at) & 0xffff;
    }
}
