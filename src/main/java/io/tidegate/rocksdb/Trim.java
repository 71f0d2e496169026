package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Retention;
import org.rocksdb.RocksDBException;

/**
 * Finds where the log is to be cut.
 *
 * @param newest the last batch, never dropped
 * @param keepAfter batches with later updates stay in any case
 */
record Trim(Retention retention, Batch newest, long keepAfter, long nowMillis) {

    /** One 64th over a limit is let pass: a log at its limit would otherwise be cut for every batch that it gets. */
    static final int SLACK = 64;

    /** Whether it is worth while to cut. */
    boolean isDue(Batch oldest) {
        return drops(oldest, withSlack(retention));
    }

    /** The first batch to keep, given that {@code oldest} is to be dropped. */
    Batch firstToKeep(Batch oldest, LogFamily log) throws RocksDBException {
        Batch dropped = oldest;
        Batch kept = newest;
        while (dropped.lastSeq() + 1 < kept.firstSeq()) {
            Batch middle = log.atOrBefore((dropped.lastSeq() + kept.firstSeq()) >>> 1);
            if (middle == null || middle.firstSeq() <= dropped.firstSeq()) {
                // A hole in the numbers cannot be; if there is one all the same, nothing is gained by searching on.
                return kept;
            }
            if (drops(middle, retention)) {
                dropped = middle;
            } else {
                kept = middle;
            }
        }
        return kept;
    }

    private static Retention withSlack(Retention exact) {
        return new Retention(
                exact.updates() + exact.updates() / SLACK,
                exact.bytes() + exact.bytes() / SLACK,
                exact.age().plus(exact.age().dividedBy(SLACK)));
    }

    private boolean drops(Batch batch, Retention limits) {
        return batch.firstSeq() < newest.firstSeq() && batch.lastSeq() <= keepAfter && isOver(batch, limits);
    }

    private boolean isOver(Batch batch, Retention limits) {
        return newest.lastSeq() - batch.firstSeq() >= limits.updates()
                || newest.bytesAfter() - batch.bytesBefore() > limits.bytes()
                || (!limits.age().isZero()
                        && nowMillis - batch.committedAtMillis() > limits.age().toMillis());
    }
}
