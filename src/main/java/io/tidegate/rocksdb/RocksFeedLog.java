package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import io.tidegate.feed.Retention;
import io.tidegate.feed.Snapshot;
import io.tidegate.feed.SteadyClock;
import io.tidegate.feed.Taken;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A feed log in a directory of this machine. A database that cannot be written any more is opened anew. */
public final class RocksFeedLog implements FeedLog {

    private static final Logger LOG = LoggerFactory.getLogger(RocksFeedLog.class);

    private final StoreDirectory directory;
    private final Durability durability;
    private final Failures failures;
    private final Patience patience;
    private volatile Epochs epochs;
    private final StoreKeeper keeper;
    private final HeldDatabase database;

    // For the appending thread.
    private boolean reopeningFailed;
    /** The database may have what nobody was told of, and what comes next would take its numbers: it is opened anew, and compared. */
    private boolean isUnsure;

    private byte[] orderMemory;

    private volatile @Nullable Batch last;
    private final LogStart start;
    private final ChangesStart changesStart;

    RocksFeedLog(
            StoreDirectory directory,
            StoreLock hold,
            Durability durability,
            Duration patience,
            Database database,
            Epochs epochs)
            throws RocksDBException {
        this.directory = directory;
        this.durability = durability;
        this.failures = new Failures(directory);
        this.patience = new Patience(directory, patience);
        this.epochs = epochs;
        this.database = new HeldDatabase(directory, failures, database);
        this.last = database.log().last();
        orderMemory = database.orderMemory();
        start = new LogStart(database);
        changesStart = new ChangesStart(database);
        keeper = StoreKeeper.start(
                directory, hold, durability, new Position(epochs.newest(), seqOf(last)), this.database::stopWaiting);
    }

    /**
     * Opens the store; a directory without one gets a new one.
     *
     * @throws FeedLogException if the directory cannot be used, with the reason and what to do
     */
    public static RocksFeedLog open(StoreSettings settings) throws FeedLogException {
        return open(settings, Patience.USUAL);
    }

    /** Does what opening takes time for and needs no store, so that opening is quick later. */
    public static void prepare() throws FeedLogException {
        NativeLibrary.load();
    }

    /**
     * Opens a store that another process has open, as soon as that process has closed it.
     *
     * <p>Blocks for as long. Not for a store that this very process has open: it would lose the lock.
     *
     * @param patience how long to wait
     * @throws FeedLogException as for {@link #open(StoreSettings)}, and if the other process keeps the store
     */
    public static RocksFeedLog openWhenFree(StoreSettings settings, Duration patience)
            throws FeedLogException, InterruptedException {
        StoreDirectory.prepare(settings.directory()).awaitFree(patience);
        return open(settings);
    }

    static RocksFeedLog open(StoreSettings settings, Duration patience) throws FeedLogException {
        return new StoreOpening(settings, patience).open();
    }

    @Override
    public Epochs epochs() {
        return epochs;
    }

    @Override
    public @Nullable String refusal() {
        return keeper.lost();
    }

    @Override
    public long corruptions() {
        return failures.corruptions();
    }

    @Override
    public @Nullable Batch last() {
        return last;
    }

    @Override
    public @Nullable Batch oldest() {
        return start.oldest();
    }

    @Override
    public OrderState orderState() {
        Batch end = last;
        return new OrderState(end == null ? 0 : end.offset(), orderMemory);
    }

    @Override
    public void append(List<Batch> batches, List<Change> changes, byte[] memory, List<Taken> taken)
            throws FeedLogException {
        LogFamily.requireNext(batches, changes.size(), seqOf(last) + 1);
        write(open -> open.commit(batches, changes, memory, taken), () -> appended(batches, memory));
    }

    private void appended(List<Batch> batches, byte[] memory) {
        last = batches.get(batches.size() - 1);
        orderMemory = memory.length == 0 ? orderMemory : memory;
        keeper.acknowledged(seqOf(last));
        start.appended(batches.get(0));
        changesStart.appended(batches.get(0));
    }

    @Override
    public void remember(byte[] memory) throws FeedLogException {
        write(open -> open.remember(memory), () -> orderMemory = memory);
    }

    @Override
    public void beginEpoch(String name, byte[] memory) throws FeedLogException {
        Epochs more = epochs.begin(name, seqOf(last));
        write(open -> StoredEpochs.write(more, memory, open), () -> {
            epochs = more;
            orderMemory = memory;
            keeper.began(name);
        });
    }

    private static long seqOf(@Nullable Batch batch) {
        return batch == null ? 0 : batch.lastSeq();
    }

    @Override
    public void probe() throws FeedLogException {
        write(Database::probe, () -> {});
    }

    /** @param written what is so from then on */
    private void write(HeldDatabase.Write write, Runnable written) throws FeedLogException {
        keeper.requireOurs();
        if (keeper.wasLost() || (reopeningFailed ? patience.isExhausted() : isUnsure)) {
            reopen();
        }
        try {
            attempt(write);
        } catch (RocksDBException e) {
            if (!patience.isExhausted()) {
                throw failures.writing(e);
            }
            reopen();
            writeAfterReopening(write);
        }
        patience.writeSucceeded();
        // What went to a directory that is somebody else's, or nobody's, by now is not acknowledged.
        keeper.requireOurs();
        written.run();
        isUnsure = false;
    }

    /** Whatever else comes between it and what is known afterwards, such as that there is no memory, leaves the log unsure. */
    private void attempt(HeldDatabase.Write write) throws FeedLogException, RocksDBException {
        isUnsure = true;
        try {
            database.write(write);
        } catch (RocksDBException | FeedLogException e) {
            isUnsure = false;
            throw e;
        }
    }

    private void writeAfterReopening(HeldDatabase.Write write) throws FeedLogException {
        try {
            attempt(write);
        } catch (RocksDBException e) {
            throw failures.writing(e);
        }
    }

    /** Ends open snapshots; there is no other way to make RocksDB write again after an error that it takes for final. */
    private void reopen() throws FeedLogException {
        database.replace(() -> {
            reopeningFailed = true;
            long losses = keeper.losses();
            Database again = openAgain();
            reopeningFailed = false;
            isUnsure = false;
            keeper.reopened(losses);
            return again;
        });
        LOG.warn("Reopened the store {} after it could not be written", directory);
    }

    private Database openAgain() throws FeedLogException {
        if (orderMemory.length == 0) {
            // Opening makes final whatever is lost. What other nodes have as well comes again from there.
            Inspection.of(directory, false, LOG::warn);
        }
        Database opened = Database.open(directory, durability);
        boolean same = false;
        try {
            requireUnchanged(opened);
            same = true;
            return opened;
        } catch (RocksDBException e) {
            throw failures.opening(e);
        } finally {
            if (!same) {
                opened.close();
            }
        }
    }

    /** A commit that failed may be in the write-ahead log as a whole; its numbers must not be used again. */
    private void requireUnchanged(Database opened) throws FeedLogException, RocksDBException {
        long found = seqOf(opened.log().last());
        if (found < seqOf(last)) {
            throw new FeedLogException(String.format(
                    "after a write error the store %s ends at update %,d instead of %,d, and what came behind it was acknowledged:"
                            + " restart the server, which says how to go on",
                    directory, found, seqOf(last)));
        }
        if (found != seqOf(last)
                || !StoredEpochs.read(opened, directory).newest().equals(epochs.newest())) {
            throw new FeedLogException("after a write error the store " + directory + " ends at update " + found
                    + " instead of " + seqOf(last) + ": restart the server to go on from there");
        }
    }

    @Override
    public List<Batch> read(long seq, int maxBytes) throws FeedLogException {
        long after = Math.max(seq, start.seqBefore());
        if (after >= seqOf(last)) {
            return List.of();
        }
        List<Batch> found = database.use(open -> open.log().after(after, maxBytes));
        // Trimmed meanwhile: there may be holes before the place where the log begins now.
        return after < start.seqBefore() ? read(after, maxBytes) : found;
    }

    @Override
    public Optional<Found> find(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        if (selection.isAll() || seq < changesStart.knownAfter()) {
            return FeedLog.super.find(seq, selection, maxBytes, limit);
        }
        return database.use(
                open -> Optional.ofNullable(new ChangeSearch(open, seq, selection, maxBytes, limit).batches(start)));
    }

    @Override
    public Optional<Changes> changes(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        return database.use(open ->
                Optional.ofNullable(new ChangeSearch(open, seq, selection, maxBytes, limit).documents(changesStart)));
    }

    @Override
    public long changesKnownAfter() {
        return changesStart.knownAfter();
    }

    @Override
    public Optional<StoredDocument> document(Collection collection, Key key) throws FeedLogException {
        return database.use(
                open -> Optional.ofNullable(open.state().get(collection, key)).map(this::stored));
    }

    private StoredDocument stored(byte[] value) {
        long seq = ByteBuffer.wrap(value).getLong();
        return new StoredDocument(epochs.of(seq), Json.stored(Arrays.copyOfRange(value, Long.BYTES, value.length)));
    }

    @Override
    public long seqOf(Collection collection, Key key) throws FeedLogException {
        return database.use(open -> open.state().seqOf(collection, key));
    }

    @Override
    public long takenAs(DocumentName document, PublicationId id) throws FeedLogException {
        return database.use(open -> open.ids().seqOf(document, id));
    }

    @Override
    public Snapshot snapshot(Selection selection) throws FeedLogException {
        return database.use(open -> snapshotOf(open, selection));
    }

    private Snapshot snapshotOf(Database of, Selection selection) throws RocksDBException {
        org.rocksdb.Snapshot taken = of.takeSnapshot();
        try {
            return new RocksSnapshot(database, of, taken, seqOf(of.log().last(taken)), selection);
        } catch (RocksDBException e) {
            of.release(taken);
            throw e;
        }
    }

    @Override
    public void trim(Retention retention, long keepAfter) throws FeedLogException {
        Batch newest = last;
        Batch first = start.oldest();
        if (newest == null || first == null) {
            return;
        }
        cut(new Trim(retention, newest, keepAfter, SteadyClock.PROCESS.millis()), first);
    }

    private void cut(Trim trim, Batch first) throws FeedLogException {
        try {
            database.write(open -> {
                if (trim.isDue(first)) {
                    start.cut(trim, first, open);
                }
                changesStart.trim(trim.retention(), start.seqBefore(), trim.nowMillis(), open);
            });
        } catch (RocksDBException e) {
            throw failures.writing(e);
        }
    }

    @Override
    public void copyTo(Path directory) throws FeedLogException {
        database.use(open -> {
            open.copyTo(directory);
            return directory;
        });
    }

    @Override
    public Compacted compact() throws FeedLogException {
        return database.use(open -> {
            long before = open.tableBytes();
            open.compact();
            return new Compacted(before, open.tableBytes());
        });
    }

    @Override
    public void close() {
        database.close(open -> {
            if (keeper.lost() == null) {
                settle(open);
            }
        });
        keeper.close();
    }

    /** After a clean stop there is nothing that a power cut could take, and the log begins where it did. */
    private void settle(Database closing) {
        try {
            if (durability == Durability.OS) {
                closing.force();
            }
            keeper.settled();
            // Last: if it fails, no more than a longer log or index is found at the next start.
            start.settle(closing);
            changesStart.settle(closing);
        } catch (RocksDBException e) {
            LOG.warn("The store {} is closed without being settled: {}", directory, Failures.reason(e));
        }
    }
}
