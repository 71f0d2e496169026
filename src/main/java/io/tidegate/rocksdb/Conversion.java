package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites a store of a former format in the present one, each batch in its place.
 *
 * <p>The first write says that the format is the present one, so that former versions refuse the store from then on, and from which
 * number on batches are still as they were; each further one converts some of them and says so. All are forced to the disk. So
 * an interrupted conversion goes on where it was at the next start.
 */
final class Conversion {

    private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

    /** Of batches that are converted by one write. */
    private static final int STEP_BYTES = 4 << 20;

    private final Database database;
    private final StoreDirectory directory;
    private final int stepBytes;

    /** The batch that was converted last; null if the next is the oldest. */
    private @Nullable Batch before;

    Conversion(Database database, StoreDirectory directory, int stepBytes) {
        this.database = database;
        this.directory = directory;
        this.stepBytes = stepBytes;
    }

    /** Does nothing if all of the store is in the present format. */
    static void of(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        var conversion = new Conversion(database, directory, STEP_BYTES);
        boolean again = conversion.begin();
        while (again) {
            again = conversion.step();
        }
    }

    /** False if there is nothing to convert. */
    boolean begin() throws FeedLogException, RocksDBException {
        StoreFormat format = StoreFormat.read(database, directory);
        Batch oldest = database.oldest();
        if (format.isFormer() && oldest != null) {
            return begin(format, oldest);
        }
        if (format.isFormer()) {
            // It is empty, and what comes is of the present one.
            database.log().formerFrom(StoreFormat.NOWHERE);
            return false;
        }
        if (format.isWithoutIndex()) {
            // The next epoch is written with the present format, before anything that is of it.
            LOG.info(
                    "The store {} goes on from format {} to {}, as it is: older versions of the server refuse it from"
                            + " now on",
                    directory,
                    format.name(),
                    StoreFormat.PRESENT);
        }
        if (format.formerFrom() == StoreFormat.NOWHERE) {
            return false;
        }
        LOG.info("The conversion of the store {} goes on with update {}", directory, format.formerFrom());
        before = oldest == null || oldest.firstSeq() >= format.formerFrom()
                ? null
                : database.log().atOrBefore(format.formerFrom() - 1);
        return true;
    }

    private boolean begin(StoreFormat format, Batch oldest) throws FeedLogException, RocksDBException {
        Batch last = database.log().last();
        long updates = last == null ? 0 : last.lastSeq() + 1 - oldest.firstSeq();
        LOG.info(
                "The store {} is converted from format {} to {}, {} updates: older versions of the server refuse it"
                        + " from now on",
                directory,
                format.name(),
                StoreFormat.PRESENT,
                updates);
        StoredEpochs.write(StoredEpochs.read(database, directory), oldest.firstSeq(), database);
        return true;
    }

    /** True if there may be more to convert. */
    boolean step() throws RocksDBException {
        List<Batch> next = database.log().converted(before, stepBytes);
        if (next.isEmpty()) {
            database.replaceFormer(next, StoreFormat.NOWHERE);
            return false;
        }
        before = next.get(next.size() - 1);
        database.replaceFormer(next, before.lastSeq() + 1);
        return true;
    }
}
