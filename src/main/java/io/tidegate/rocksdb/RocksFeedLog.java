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
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed log in a directory of this machine.
 *
 * <p>Every use of native objects holds the read lock. The write lock closes or reopens the database: whoever comes later
 * is refused, where without it the JVM would crash.
 */
public final class RocksFeedLog implements FeedLog {

    private static final Logger LOG = LoggerFactory.getLogger(RocksFeedLog.class);

    /** What is done with the open database under the read lock. */
    private interface Use<T> {
        T with(Database database) throws FeedLogException, RocksDBException;
    }

    /** What the appending thread does with it. */
    private interface Write {
        void to(Database database) throws RocksDBException;
    }

    /** A read that knows its database. */
    interface Read<T> {
        T run() throws RocksDBException;
    }

    private final StoreDirectory directory;
    private final Durability durability;
    private final Failures failures;
    private final Patience patience;
    private volatile Epochs epochs;
    private final StoreKeeper keeper;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Null while there is none to use; {@link #refusal} says why. Guarded by the lock. */
    private @Nullable Database database;

    private String refusal = "";
    private boolean closed;

    // For the appending thread.
    private boolean reopeningFailed;
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
        this.database = database;
        this.last = database.log().last();
        orderMemory = database.orderMemory();
        start = new LogStart(database);
        changesStart = new ChangesStart(database);
        keeper = StoreKeeper.start(
                directory, hold, durability, new Position(epochs.newest(), seqOf(last)), this::stopWaiting);
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
        write(open -> open.commit(batches, changes, memory, taken));
        last = batches.get(batches.size() - 1);
        orderMemory = memory.length == 0 ? orderMemory : memory;
        keeper.acknowledged(seqOf(last));
        start.appended(batches.get(0));
        changesStart.appended(batches.get(0));
    }

    @Override
    public void remember(byte[] memory) throws FeedLogException {
        write(open -> open.remember(memory));
        orderMemory = memory;
    }

    @Override
    public void beginEpoch(String name, byte[] memory) throws FeedLogException {
        Epochs more = epochs.begin(name, seqOf(last));
        write(open -> StoredEpochs.write(more, memory, open));
        epochs = more;
        orderMemory = memory;
        keeper.began(name);
    }

    private static long seqOf(@Nullable Batch batch) {
        return batch == null ? 0 : batch.lastSeq();
    }

    @Override
    public void probe() throws FeedLogException {
        write(Database::probe);
    }

    private void write(Write write) throws FeedLogException {
        keeper.requireOurs();
        if (keeper.wasLost() || (reopeningFailed && patience.isExhausted())) {
            reopen();
        }
        try {
            tryTo(write);
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
    }

    private void writeAfterReopening(Write write) throws FeedLogException {
        try {
            tryTo(write);
        } catch (RocksDBException e) {
            throw failures.writing(e);
        }
    }

    private void tryTo(Write write) throws FeedLogException, RocksDBException {
        lock.readLock().lock();
        try {
            write.to(current());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Ends open snapshots; there is no other way to make RocksDB write again after an error that it takes for final. */
    private void reopen() throws FeedLogException {
        // A compaction would keep its read lock for as long as it takes.
        stopWaiting();
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new FeedLogException(refusal);
            }
            closeDatabase();
            reopeningFailed = true;
            database = openAgain();
            reopeningFailed = false;
            keeper.reopened();
            LOG.warn("Reopened the store {} after it could not be written", directory);
        } catch (FeedLogException e) {
            refusal = String.valueOf(e.getMessage());
            throw e;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Database openAgain() throws FeedLogException {
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
        List<Batch> found = use(database -> database.log().after(after, maxBytes));
        // Trimmed meanwhile: there may be holes before the place where the log begins now.
        return after < start.seqBefore() ? read(after, maxBytes) : found;
    }

    @Override
    public Optional<Found> find(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        if (selection.isAll() || seq < changesStart.knownAfter()) {
            return FeedLog.super.find(seq, selection, maxBytes, limit);
        }
        return use(database ->
                Optional.ofNullable(new ChangeSearch(database, seq, selection, maxBytes, limit).batches(start)));
    }

    @Override
    public Optional<Changes> changes(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        return use(database -> Optional.ofNullable(
                new ChangeSearch(database, seq, selection, maxBytes, limit).documents(changesStart)));
    }

    @Override
    public long changesKnownAfter() {
        return changesStart.knownAfter();
    }

    @Override
    public Optional<StoredDocument> document(Collection collection, Key key) throws FeedLogException {
        return use(database ->
                Optional.ofNullable(database.state().get(collection, key)).map(this::stored));
    }

    private StoredDocument stored(byte[] value) {
        long seq = ByteBuffer.wrap(value).getLong();
        return new StoredDocument(epochs.of(seq), Json.stored(Arrays.copyOfRange(value, Long.BYTES, value.length)));
    }

    @Override
    public long seqOf(Collection collection, Key key) throws FeedLogException {
        return use(database -> database.state().seqOf(collection, key));
    }

    @Override
    public long takenAs(DocumentName document, PublicationId id) throws FeedLogException {
        return use(database -> database.ids().seqOf(document, id));
    }

    @Override
    public Snapshot snapshot(Selection selection) throws FeedLogException {
        return use(database -> snapshotOf(database, selection));
    }

    private Snapshot snapshotOf(Database of, Selection selection) throws RocksDBException {
        org.rocksdb.Snapshot taken = of.takeSnapshot();
        try {
            return new RocksSnapshot(this, of, taken, seqOf(of.log().last(taken)), selection);
        } catch (RocksDBException e) {
            of.release(taken);
            throw e;
        }
    }

    /** Reads of a snapshot, which end with the database that it was taken of. */
    <T> T readFrom(Database of, Read<T> read) throws FeedLogException {
        return use(database -> {
            if (database != of) {
                throw new FeedLogException("the snapshot ended when the store " + directory
                        + " was reopened after a write error: take a new one");
            }
            return read.run();
        });
    }

    void release(Database of, org.rocksdb.Snapshot snapshot) {
        lock.readLock().lock();
        try {
            of.release(snapshot);
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> T use(Use<T> use) throws FeedLogException {
        lock.readLock().lock();
        try {
            return use.with(current());
        } catch (RocksDBException e) {
            throw failures.reading(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private Database current() throws FeedLogException {
        Database open = database;
        if (open == null) {
            throw new FeedLogException(refusal);
        }
        return open;
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
        lock.readLock().lock();
        try {
            Database open = current();
            if (trim.isDue(first)) {
                start.cut(trim, first, open);
            }
            changesStart.trim(trim.retention(), start.seqBefore(), trim.nowMillis(), open);
        } catch (RocksDBException e) {
            throw failures.writing(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void copyTo(Path directory) throws FeedLogException {
        use(database -> {
            database.copyTo(directory);
            return directory;
        });
    }

    @Override
    public Compacted compact() throws FeedLogException {
        return use(database -> {
            long before = database.tableBytes();
            database.compact();
            return new Compacted(before, database.tableBytes());
        });
    }

    @Override
    public void close() {
        stopWaiting();
        lock.writeLock().lock();
        try {
            closed = true;
            refusal = "the store " + directory + " is closed";
            if (database != null && keeper.lost() == null) {
                settle(database);
            }
            closeDatabase();
        } finally {
            lock.writeLock().unlock();
        }
        keeper.close();
    }

    /** An append that waits for room on a full disk would keep its read lock, and so keep whoever closes, for as long. */
    private void stopWaiting() {
        lock.readLock().lock();
        try {
            if (database != null) {
                database.stopWaiting();
            }
        } finally {
            lock.readLock().unlock();
        }
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

    private void closeDatabase() {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
