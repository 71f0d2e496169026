package io.tidegate.feed;

import java.time.Duration;

/** A feed's settings by name: roomy ones, of which a test sets those that it is about. */
public final class FeedLimits {

    private int maxDocumentBytes = 16 << 20;
    private int queueUpdates = 1000;
    private long queueBytes = 1 << 20;
    private int commitUpdates = 100;
    private int commitBytes = 1 << 16;
    private int batchUpdates = 100;
    private int batchBytes = 1 << 16;
    private int catchUpBytes = 1 << 16;
    private long snapshotCacheBytes = 1 << 20;
    private Duration futureWait = Duration.ZERO;
    private Hub.Settings ring = new Hub.Settings(16, 1 << 20);
    private Retention retention = new Retention(1_000_000, 1 << 30, Duration.ZERO);

    private FeedLimits() {}

    public static FeedLimits roomy() {
        return new FeedLimits();
    }

    public FeedLimits maxDocumentBytes(int bytes) {
        maxDocumentBytes = bytes;
        return this;
    }

    public FeedLimits queue(int updates, long bytes) {
        queueUpdates = updates;
        queueBytes = bytes;
        return this;
    }

    public FeedLimits commit(int updates, int bytes) {
        commitUpdates = updates;
        commitBytes = bytes;
        return this;
    }

    public FeedLimits batch(int updates, int bytes) {
        batchUpdates = updates;
        batchBytes = bytes;
        return this;
    }

    public FeedLimits catchUpBytes(int bytes) {
        catchUpBytes = bytes;
        return this;
    }

    public FeedLimits snapshotCacheBytes(long bytes) {
        snapshotCacheBytes = bytes;
        return this;
    }

    public FeedLimits futureWait(Duration wait) {
        futureWait = wait;
        return this;
    }

    public FeedLimits ring(int batches, int bytes) {
        ring = new Hub.Settings(batches, bytes);
        return this;
    }

    public FeedLimits retention(long updates, long bytes) {
        retention = new Retention(updates, bytes, Duration.ZERO);
        return this;
    }

    /** A feed with these limits, all of which is done by whoever calls. */
    public Feed feed(FeedLog log, EventEncoder encoder) {
        return new Feed(log, settings(), encoder, Runnable::run, Runnable::run, Runnable::run, CommitObserver.NONE);
    }

    public FeedSettings settings() {
        return new FeedSettings(
                maxDocumentBytes,
                queueUpdates,
                queueBytes,
                commitUpdates,
                commitBytes,
                batchUpdates,
                batchBytes,
                catchUpBytes,
                1L << 30,
                snapshotCacheBytes,
                Duration.ZERO,
                futureWait,
                ring,
                retention);
    }
}
