package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The steps of opening a store: take it, look at it, open it, convert it, begin an epoch. What fails leaves it to others. */
final class StoreOpening {

    private final StoreSettings settings;
    private final Duration patience;
    /** Of a store that other nodes have as well; null if it is this server's alone. */
    private final @Nullable String sharedEpoch;

    private StoreOpening(StoreSettings settings, Duration patience, @Nullable String sharedEpoch) {
        this.settings = settings;
        this.patience = patience;
        this.sharedEpoch = sharedEpoch;
    }

    static StoreOpening of(StoreSettings settings, Duration patience) {
        return new StoreOpening(settings, patience, null);
    }

    /** Of a store that other nodes have as well: nothing is lost that it has lost, and the epoch goes on. */
    StoreOpening shared(String epoch) {
        return new StoreOpening(settings, patience, epoch);
    }

    RocksFeedLog open() throws FeedLogException {
        StoreDirectory directory = StoreDirectory.prepare(settings.directory());
        StoreLock hold = directory.lock();
        boolean opened = false;
        try {
            Inspection.of(directory, settings.acceptLoss() || sharedEpoch != null);
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
        if (sharedEpoch != null && !before.isEmpty()) {
            return before;
        }
        Epochs epochs = sharedEpoch == null ? before.begin(last == null ? 0 : last.lastSeq()) : Epochs.of(sharedEpoch);
        StoredEpochs.write(epochs, database);
        return epochs;
    }
}
