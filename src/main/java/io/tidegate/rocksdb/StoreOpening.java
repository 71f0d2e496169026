package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.time.Duration;
import org.rocksdb.RocksDBException;

/** The steps of opening a store: take it, look at it, open it, convert it, begin an epoch. What fails leaves it to others. */
final class StoreOpening {

    private final StoreSettings settings;
    private final Duration patience;

    StoreOpening(StoreSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    RocksFeedLog open() throws FeedLogException {
        StoreTransfer.of(settings.directory()).recover();
        StoreDirectory directory = StoreDirectory.prepare(settings.directory());
        StoreLock hold = directory.lock();
        boolean opened = false;
        try {
            Inspection.of(directory, settings);
            RocksFeedLog log = open(directory, hold);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                hold.close();
            }
        }
    }

    private RocksFeedLog open(StoreDirectory directory, StoreLock hold) throws FeedLogException {
        Durability durability = settings.durability();
        Database database = Database.open(directory, durability);
        boolean opened = false;
        try {
            hold.remember();
            directory.closeFilesToOthers();
            Conversion.of(database, directory);
            Epochs epochs = goOn(database, directory);
            var log = new RocksFeedLog(directory, hold, durability, patience, database, epochs);
            opened = true;
            return log;
        } catch (RocksDBException e) {
            throw new Failures(directory).opening(e);
        } catch (IOException e) {
            throw new FeedLogException(
                    "the files of the store " + directory + " cannot be closed to others: " + Failures.reason(e), e);
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    /**
     * Begins an epoch: whatever was lost or put back since the store was open last, what is numbered from now on has a name of its own.
     * But if others number as well, numbers go on as they do.
     */
    private Epochs goOn(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        Batch last = database.log().last();
        Epochs before = StoredEpochs.read(database, directory);
        String shared = settings.sharedEpoch();
        requireOfSameKind(database, directory, last != null, shared != null);
        if (shared != null && database.orderMemory().length > 0) {
            return before;
        }
        Epochs epochs = shared == null ? before.begin(last == null ? 0 : last.lastSeq()) : Epochs.of(shared);
        StoredEpochs.write(epochs, database);
        return epochs;
    }

    /** What one has numbered alone the others do not have, and the other way round. */
    private static void requireOfSameKind(
            Database database, StoreDirectory directory, boolean hasUpdates, boolean isShared)
            throws FeedLogException, RocksDBException {
        boolean wasShared = database.orderMemory().length > 0;
        if (wasShared && !isShared) {
            throw new FeedLogException(
                    "the store " + directory
                            + " is of a feed that other nodes have as well: set tidegate.feed.order as it was, or move the store away");
        }
        if (hasUpdates && !wasShared && isShared) {
            throw new FeedLogException(
                    "the store " + directory + " is of a feed of one server, and no other node has its"
                            + " updates: set tidegate.feed.order to local, or move the store away");
        }
    }
}
