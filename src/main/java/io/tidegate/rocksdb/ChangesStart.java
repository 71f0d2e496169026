package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Retention;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Where the index of changes begins: what is before that may still be in the files, and nobody may see it. Moved by the appending
 * thread, and never beyond where the log begins.
 */
final class ChangesStart {

    /** See {@link LogStart}. */
    private static final long GIVE_BACK_BYTES = Tuning.LOG_FILE_BYTES;

    /** Of a record. */
    private record Place(long firstSeq, long lastSeq, long bytesBefore, long committedAtMillis) {

        static Place of(ChangedNames names) {
            return new Place(names.firstSeq(), names.lastSeq(), names.bytesBefore(), names.committedAtMillis());
        }
    }

    /** What is not worth keeping. */
    private record Limits(long bytes, long millis) {

        boolean exclude(Place place) {
            return place.bytesBefore() < bytes || place.committedAtMillis() < millis;
        }
    }

    private volatile @Nullable Place oldest;

    /** Bytes of the index before where the store knows it to begin; it begins later since. */
    private long givenBackBytes;

    ChangesStart(Database database) throws RocksDBException {
        ChangedNames first = database.oldestChanges();
        oldest = first == null ? null : Place.of(first);
        givenBackBytes = first == null ? 0 : first.bytesBefore();
    }

    /** The number before its first; {@link Long#MAX_VALUE} while it is empty. By any thread. */
    long knownAfter() {
        Place first = oldest;
        return first == null ? Long.MAX_VALUE : first.firstSeq() - 1;
    }

    void appended(Batch batch) {
        if (oldest == null) {
            oldest = new Place(batch.firstSeq(), batch.lastSeq(), 0, batch.committedAtMillis());
        }
    }

    /**
     * Moves it if that is worth while.
     *
     * @param logSeqBefore the last number that is not in the log any more
     */
    void trim(Retention retention, long logSeqBefore, long nowMillis, Database database) throws RocksDBException {
        Place first = oldest;
        if (first == null || first.lastSeq() > logSeqBefore) {
            return;
        }
        long bytes = retention.tombstoneBytes();
        long millis = retention.tombstones().toMillis();
        long end = database.changes().bytes();
        var withSlack = new Limits(end - bytes - bytes / Trim.SLACK, nowMillis - millis - millis / Trim.SLACK);
        if (withSlack.exclude(first)) {
            cut(new Limits(end - bytes, nowMillis - millis), first, logSeqBefore, database);
        }
    }

    private void cut(Limits limits, Place first, long logSeqBefore, Database database) throws RocksDBException {
        Place kept = firstToKeep(limits, first, at(logSeqBefore + 1, database), database);
        oldest = kept;
        if (kept.bytesBefore() - givenBackBytes >= GIVE_BACK_BYTES) {
            giveBackBefore(kept, database);
        }
    }

    /** Between one that goes and the one where the log begins, which stays. */
    private static Place firstToKeep(Limits limits, Place first, Place ofLog, Database database)
            throws RocksDBException {
        Place dropped = first;
        Place kept = ofLog;
        while (dropped.lastSeq() + 1 < kept.firstSeq()) {
            Place middle = at((dropped.lastSeq() + kept.firstSeq()) >>> 1, database);
            if (limits.exclude(middle)) {
                dropped = middle;
            } else {
                kept = middle;
            }
        }
        return kept;
    }

    /** The record that holds the number. */
    private static Place at(long seq, Database database) throws RocksDBException {
        ChangedNames names = database.changes().atOrBefore(seq);
        if (names == null || names.lastSeq() < seq) {
            throw Failures.corruption("in the index of changes update " + seq + " is missing");
        }
        return Place.of(names);
    }

    /** Lets the store know where it is. */
    void settle(Database database) throws RocksDBException {
        Place first = oldest;
        if (first != null && first.bytesBefore() != givenBackBytes) {
            giveBackBefore(first, database);
        }
    }

    private void giveBackBefore(Place kept, Database database) throws RocksDBException {
        if (database.startChangesAt(kept.firstSeq())) {
            givenBackBytes = kept.bytesBefore();
        }
    }
}
