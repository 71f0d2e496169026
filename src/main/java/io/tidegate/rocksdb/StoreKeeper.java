package io.tidegate.rocksdb;

import io.tidegate.document.Position;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the files of an open store: are they still this process's, and how far has it come.
 *
 * <p>Both are looked at once a second by a thread of its own, so that commits do not pay for the mark, and a store that nobody
 * writes to is watched as well. Thread-safe.
 */
final class StoreKeeper implements AutoCloseable {

    /** How far a store may go back in silence after a kill, at most, if damage takes nothing but its newest updates. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(StoreKeeper.class);

    private final StoreDirectory directory;
    private final StoreLock lock;
    private final Durability durability;
    private volatile String epoch;
    private final Runnable whenLost;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "tidegate-store-keeper");
        thread.setDaemon(true);
        return thread;
    });

    private volatile long acknowledged;

    /** Null while it is ours. */
    private volatile @Nullable String lost;

    /** How often it was lost. Since the last time nothing works in the background, and it may have been written to. */
    private volatile long losses;

    private volatile long lossesBeforeReopening;

    // Guarded by this.
    private long marked = -1;
    private boolean markFails;
    private boolean settled;

    private StoreKeeper(
            StoreDirectory directory, StoreLock lock, Durability durability, Position head, Runnable whenLost) {
        this.directory = directory;
        this.lock = lock;
        this.durability = durability;
        this.epoch = head.epoch();
        this.whenLost = whenLost;
        acknowledged = head.seq();
    }

    /**
     * Begins to look.
     *
     * @param head the last update, in the epoch that has just begun
     * @param whenLost stops what may write to the directory by its name
     */
    static StoreKeeper start(
            StoreDirectory directory, StoreLock lock, Durability durability, Position head, Runnable whenLost) {
        var keeper = new StoreKeeper(directory, lock, durability, head, whenLost);
        keeper.mark(false);
        var unused = keeper.looks.scheduleWithFixedDelay(
                keeper::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return keeper;
    }

    private void look() {
        if (isOurs()) {
            mark(false);
        }
    }

    /** Whether the store is where it was and nobody else's, as far as the file system tells. */
    private boolean isOurs() {
        String loss = lock.loss();
        if (loss != null && loses(loss)) {
            // Not while we are locked: it waits for whoever closes the store, and that one waits for the last mark.
            whenLost.run();
        } else if (loss == null && lost != null) {
            findAgain();
        }
        return loss == null;
    }

    /** Whether that is news. */
    private synchronized boolean loses(String loss) {
        if (lost != null) {
            return false;
        }
        losses++;
        lost = "the store " + directory + " is no longer in this server's hands: " + loss
                + ", and look who did it; until then changes are refused";
        LOG.error("{}", lost);
        return true;
    }

    private synchronized void findAgain() {
        if (lost != null) {
            lost = null;
            LOG.warn("The store {} is back in its place", directory);
        }
    }

    /** Why the store takes nothing; null if it does, as far as is known. */
    @Nullable
    String lost() {
        return lost;
    }

    /** To be asked before each write, and again before what was written is acknowledged. */
    void requireOurs() throws FeedLogException {
        if (!isOurs()) {
            String why = lost;
            throw new FeedLogException(
                    why == null ? "the store " + directory + " was not in this server's hands: try again" : why);
        }
    }

    /** Whether it is to be opened anew before it is written to. */
    boolean wasLost() {
        return losses != lossesBeforeReopening;
    }

    long losses() {
        return losses;
    }

    /** @param before how often it had been lost before it was opened anew */
    void reopened(long before) {
        lossesBeforeReopening = before;
    }

    /** From now on numbers are of that epoch. */
    void began(String name) {
        epoch = name;
    }

    void acknowledged(long seq) {
        acknowledged = seq;
    }

    /** One that cannot be written leaves the one before, which says less. */
    private synchronized void mark(boolean closed) {
        long seq = acknowledged;
        if (settled || (seq == marked && !closed)) {
            return;
        }
        settled = closed;
        try {
            Mark.at(new Position(epoch, seq), closed, durability).write(directory.path());
            marked = seq;
            markFails = false;
        } catch (IOException e) {
            if (!markFails) {
                LOG.warn("The file {} of the store {} cannot be written: {}", Mark.FILE, directory, Failures.reason(e));
            }
            markFails = true;
        }
    }

    /** To be called when everything that was acknowledged is on the disk. */
    void settled() {
        mark(true);
    }

    /** Gives the store free, after RocksDB did. */
    @Override
    public void close() {
        looks.shutdownNow();
        lock.close();
    }
}
