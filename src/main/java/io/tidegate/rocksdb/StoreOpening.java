package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.time.Duration;
import org.rocksdb.RocksDBException;

/** The steps of opening a store: take it, look at it, open it, convert it, begin an epoch. What fails leaves it to others. */
final class StoreOpening {

    private StoreOpening() {}

    static RocksFeedLog open(StoreSettings settings, Duration patience) throws FeedLogException {
        StoreDirectory directory = StoreDirectory.prepare(settings.directory());
        StoreLock hold = directory.lock();
        boolean opened = false;
        try {
            Inspection.of(directory, settings.acceptLoss());
            RocksFeedLog log = open(directory, hold, settings.durability(), patience);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                hold.close();
            }
        }
    }

    private static RocksFeedLog open(StoreDirectory directory, StoreLock hold, Durability durability, Duration patience)
            throws FeedLogException {
        Database database = Database.open(directory, durability);
        boolean opened = false;
        try {
            hold.remember();
            directory.closeFilesToOthers();
            Conversion.of(database, directory);
            Epochs epochs = beginEpoch(database, directory);
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

    /** Whatever was lost or put back since the store was open last: what is numbered from now on has a name of its own. */
    private static Epochs beginEpoch(Database database, StoreDirectory directory)
            throws FeedLogException, RocksDBException {
        Batch last = database.log().last();
        Epochs epochs = StoredEpochs.read(database, directory).begin(last == null ? 0 : last.lastSeq());
        StoredEpochs.write(epochs, database);
        return epochs;
    }
}
