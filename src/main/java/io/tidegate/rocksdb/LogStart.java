package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Where the log begins: what is before that may still be in the files, and nobody may see it. Moved by the appending thread. */
final class LogStart {

    /** Table files are given back after so much of the log was trimmed: less would seldom end one, and costs an fsync each time. */
    private static final long GIVE_BACK_BYTES = Tuning.LOG_FILE_BYTES;

    private volatile @Nullable Batch oldest;

    /** Bytes of the log before where the store knows it to begin; it begins later since. */
    private long givenBackBytes;

    LogStart(Database database) throws RocksDBException {
        Batch first = database.oldest();
        oldest = first;
        givenBackBytes = first == null ? 0 : first.bytesBefore();
    }

    /** Null while the log is empty. By any thread, as the next. */
    @Nullable
    Batch oldest() {
        return oldest;
    }

    /** The last sequence number that is not in the log any more. */
    long seqBefore() {
        Batch first = oldest;
        return first == null ? 0 : first.firstSeq() - 1;
    }

    void appended(Batch batch) {
        if (oldest == null) {
            oldest = batch;
        }
    }

    /** Moves it, given that {@code first} is to be dropped. */
    void cut(Trim trim, Batch first, Database database) throws RocksDBException {
        Batch kept = trim.firstToKeep(first, database.log());
        oldest = kept;
        if (kept.bytesBefore() - givenBackBytes >= GIVE_BACK_BYTES) {
            giveBackBefore(kept, database);
        }
    }

    /** Lets the store know where it is. */
    void settle(Database database) throws RocksDBException {
        Batch first = oldest;
        if (first != null && first.bytesBefore() != givenBackBytes) {
            giveBackBefore(first, database);
        }
    }

    private void giveBackBefore(Batch kept, Database database) throws RocksDBException {
        if (database.startLogAt(kept.firstSeq())) {
            givenBackBytes = kept.bytesBefore();
        }
    }
}
