package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.FormerBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * The batches: first sequence number, big-endian, to the stored form.
 *
 * <p>What is trimmed is not deleted batch by batch or by range, which would leave a tombstone that spans the whole log in each new
 * table file, and so make every compaction rewrite all of it. Table files are given back when nothing in them is wanted any more,
 * and until then hold batches that nobody may see: {@link Database} knows where the log begins.
 */
final class LogFamily {

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    /** Batches that begin with this number or a later one are still in their former form. Set before others read. */
    private long formerFrom = StoreFormat.NOWHERE;

    LogFamily(RocksDB rocks, ColumnFamilyHandle family) {
        this.rocks = rocks;
        this.family = family;
    }

    void formerFrom(long seq) {
        formerFrom = seq;
    }

    /** A gap or a repeated number would be handed to clients as if it were complete. */
    static void requireNext(List<Batch> batches, int changes, long first) {
        long expected = first;
        for (Batch batch : batches) {
            if (batch.firstSeq() != expected) {
                throw new IllegalArgumentException(batch + " cannot be appended, update " + expected + " is next");
            }
            expected += batch.count();
        }
        if (expected - first != changes) {
            throw new IllegalArgumentException(batches + " cannot be appended with " + changes + " changes");
        }
    }

    void put(Batch batch, WriteBatch write) throws RocksDBException {
        write.put(family, key(batch.firstSeq()), batch.stored());
    }

    /** The first batch that starts at {@code seq} or later. */
    @Nullable
    Batch firstFrom(long seq) throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(family)) {
            iterator.seek(key(seq));
            return batchAt(iterator);
        }
    }

    @Nullable
    Batch last() throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(family)) {
            iterator.seekToLast();
            return batchAt(iterator);
        }
    }

    @Nullable
    Batch last(Snapshot snapshot) throws RocksDBException {
        try (var options = new ReadOptions().setSnapshot(snapshot);
                RocksIterator iterator = rocks.newIterator(family, options)) {
            iterator.seekToLast();
            return batchAt(iterator);
        }
    }

    /** The batch that starts at {@code seq} or is the nearest to start before it. */
    @Nullable
    Batch atOrBefore(long seq) throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(family)) {
            iterator.seekForPrev(key(seq));
            return batchAt(iterator);
        }
    }

    /**
     * Looks back from the newest batch for a hole in the numbers.
     *
     * @param start where the log begins
     * @param bytes how far to look
     * @return the last number in front of it; -1 if there is none
     */
    long hole(long start, long bytes) throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(family)) {
            iterator.seekToLast();
            Batch batch = batchAt(iterator);
            long end = batch == null ? 0 : batch.bytesAfter();
            while (batch != null && batch.firstSeq() > start && end - batch.bytesBefore() <= bytes) {
                iterator.prev();
                Batch before = batchAt(iterator);
                long lastBefore = before == null ? start - 1 : before.lastSeq();
                if (lastBefore + 1 != batch.firstSeq()) {
                    return lastBefore;
                }
                batch = before;
            }
        }
        return -1;
    }

    /** The batches with updates after {@code seq}, up to the one that reaches {@code maxBytes}; at least one. */
    List<Batch> after(long seq, int maxBytes) throws RocksDBException {
        var batches = new ArrayList<Batch>();
        try (RocksIterator iterator = rocks.newIterator(family)) {
            seek(seq + 1, iterator);
            long bytes = 0;
            for (Batch batch = batchAt(iterator);
                    batch != null && bytes < Math.max(1, maxBytes);
                    batch = next(iterator)) {
                if (batch.lastSeq() > seq) {
                    batches.add(batch);
                    bytes += batch.stored().length;
                }
            }
        }
        return batches;
    }

    /** Whether the batches from there on are to be converted at the next start. */
    boolean isFormer(long seq) {
        return formerFrom != StoreFormat.NOWHERE && seq >= formerFrom;
    }

    /** Sees what there is now, also if it is trimmed meanwhile. */
    RocksIterator iterator() {
        return rocks.newIterator(family);
    }

    /** The batch that starts there, of which is known that it has to be there. */
    Batch at(long firstSeq, RocksIterator iterator) throws RocksDBException {
        iterator.seek(key(firstSeq));
        Batch batch = batchAt(iterator);
        if (batch == null || batch.firstSeq() != firstSeq) {
            throw Failures.corruption("the batch that starts with update " + firstSeq + " is missing");
        }
        return batch;
    }

    private static void seek(long seq, RocksIterator iterator) {
        iterator.seekForPrev(key(seq));
        if (!iterator.isValid()) {
            iterator.seekToFirst();
        }
    }

    private @Nullable Batch next(RocksIterator iterator) throws RocksDBException {
        iterator.next();
        return batchAt(iterator);
    }

    /** The batch where the iterator is; null behind the last. */
    @Nullable
    Batch batchAt(RocksIterator iterator) throws RocksDBException {
        if (!iterator.isValid()) {
            iterator.status();
            return null;
        }
        boolean isFormer = isFormer(Database.number(iterator.key()));
        try {
            return isFormer ? FormerBatch.converted(iterator.value(), null) : Batch.of(iterator.value());
        } catch (IllegalArgumentException e) {
            throw Failures.corruption(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The next batches that are still in their former form, in the present one; empty if there are none.
     *
     * @param before what they follow; null if they are the oldest
     * @param maxBytes stop after the batch that reaches this many
     */
    List<Batch> converted(@Nullable Batch before, int maxBytes) throws RocksDBException {
        var batches = new ArrayList<Batch>();
        try (RocksIterator iterator = rocks.newIterator(family)) {
            iterator.seek(key(formerFrom));
            Batch last = before;
            for (long bytes = 0; iterator.isValid() && bytes < maxBytes; iterator.next()) {
                last = FormerBatch.converted(iterator.value(), last);
                batches.add(last);
                bytes += last.stored().length;
            }
            iterator.status();
            return batches;
        } catch (IllegalArgumentException e) {
            throw Failures.corruption(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Gives the disk whole files back at once, without a compaction; open iterators keep the files that they see.
     *
     * <p>It skips files that RocksDB is at work with, so that there may be holes in what is left before {@code seq}. They go with
     * a later call.
     */
    void giveBackBefore(long seq) throws RocksDBException {
        rocks.deleteFilesInRanges(family, List.of(key(0), key(seq)), false);
    }

    private static byte[] key(long seq) {
        return Database.bytes(seq);
    }
}
