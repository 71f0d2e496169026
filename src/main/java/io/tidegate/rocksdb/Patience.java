package io.tidegate.rocksdb;

import java.time.Duration;

/**
 * Decides when a database that refuses writes is reopened. Used by the appending thread.
 *
 * <p>After a full disk RocksDB recovers by itself: it looks every five seconds whether there is room for a write buffer,
 * and open snapshots live on. But errors that it did not expect, such as a write-ahead log that could not be created, it
 * takes for final, and it does not tell which. So it gets more time than it needs, counted from the moment when the
 * directory takes writes again.
 */
final class Patience {

    /** Several of RocksDB's attempts, and the flush that ends them. */
    static final Duration USUAL = Duration.ofSeconds(20);

    /** What reopening needs: it writes out what was in the write buffers. */
    static final long ROOM_BYTES = 2 * Tuning.WRITE_BUFFER_BYTES;

    private final StoreDirectory directory;
    private final long nanos;
    private boolean waiting;
    private long waitingSince;

    Patience(StoreDirectory directory, Duration duration) {
        this.directory = directory;
        this.nanos = duration.toNanos();
    }

    void writeSucceeded() {
        waiting = false;
    }

    /** To be asked after each failed write. */
    boolean isExhausted() {
        if (!directory.takesWrites(ROOM_BYTES)) {
            waiting = false;
            return false;
        }
        long now = System.nanoTime();
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
        if (now - waitingSince < nanos) {
            return false;
        }
        waiting = false;
        return true;
    }
}
