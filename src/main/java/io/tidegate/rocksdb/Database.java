package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.document.Change;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import io.tidegate.feed.Taken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * The RocksDB in the store's directory, from one opening to its closing.
 *
 * <p>It owns all native objects. The caller sees to it that nothing is used during or after {@link #close}.
 */
final class Database implements AutoCloseable {

    /** The name of the family that has the log. */
    static final String LOG = "log";

    /** What the order remembers. */
    static final String ORDER_KEY = "order";

    private static final int FAMILIES = 5;

    /** How many of these there were before there was an index of changes. */
    private static final int FORMER_FAMILIES = 4;

    private static final String LOG_START_KEY = "log-start";
    private static final String CHANGES_START_KEY = "changes-start";
    private static final String PROBE_KEY = "probe";
    private static final byte[] ORDER = ORDER_KEY.getBytes(StandardCharsets.US_ASCII);

    private final Tuning tuning;
    private final RocksDB rocks;
    private final ColumnFamilyHandle meta;
    private final TakenIds ids;
    private final LogFamily log;
    private final StateFamily state;
    private final @Nullable ChangesFamily changes;
    private final List<ColumnFamilyHandle> families;
    private final Set<Snapshot> snapshots = ConcurrentHashMap.newKeySet();

    /** Held while a copy is made: files that were given back meanwhile would be missing in it, and what tells that not be there. */
    private final ReentrantLock copying = new ReentrantLock();

    private Database(Tuning tuning, RocksDB rocks, List<ColumnFamilyHandle> families) {
        this.tuning = tuning;
        this.rocks = rocks;
        this.families = List.copyOf(families);
        // RocksDB's default family, which has to exist.
        ids = new TakenIds(rocks, families.get(0));
        log = new LogFamily(rocks, families.get(1));
        state = new StateFamily(rocks, families.get(2));
        meta = families.get(3);
        changes = families.size() > 4 ? new ChangesFamily(rocks, families.get(4)) : null;
    }

    static Database open(StoreDirectory directory, Durability durability) throws FeedLogException {
        NativeLibrary.load();
        var tuning = new Tuning(durability);
        var families = new ArrayList<ColumnFamilyHandle>();
        try {
            RocksDB rocks = RocksDB.open(tuning.database, directory.toString(), families(tuning), families);
            return new Database(tuning, rocks, families).inKnownFormat(directory);
        } catch (RocksDBException e) {
            tuning.close();
            throw new Failures(directory).opening(e);
        }
    }

    /**
     * Opens it to be read only, as it is on the disk, and leaves no trace in the directory. Without the index of changes, which stores of
     * former formats do not have.
     */
    static Database inspect(StoreDirectory directory) throws FeedLogException, RocksDBException {
        return inspect(directory, FORMER_FAMILIES);
    }

    /** The same with all that there is. */
    static Database inspectAll(StoreDirectory directory) throws FeedLogException, RocksDBException {
        return inspect(directory, countFamilies(directory));
    }

    /** Whether the list of tables knows all that this version's stores have. */
    static boolean hasAllFamilies(StoreDirectory directory) throws FeedLogException, RocksDBException {
        return countFamilies(directory) >= FAMILIES;
    }

    private static int countFamilies(StoreDirectory directory) throws FeedLogException, RocksDBException {
        NativeLibrary.load();
        try (var options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).size();
        }
    }

    private static Database inspect(StoreDirectory directory, int count) throws FeedLogException, RocksDBException {
        NativeLibrary.load();
        var tuning = new Tuning(Durability.OS).silent();
        var families = new ArrayList<ColumnFamilyHandle>();
        try {
            List<ColumnFamilyDescriptor> known = families(tuning);
            RocksDB rocks = RocksDB.openReadOnly(
                    tuning.database,
                    directory.toString(),
                    known.subList(0, Math.max(FORMER_FAMILIES, Math.min(count, FAMILIES))),
                    families);
            return new Database(tuning, rocks, families).inKnownFormat(directory);
        } catch (RocksDBException e) {
            tuning.close();
            throw e;
        }
    }

    /** Closes it if it is in another one. */
    private Database inKnownFormat(StoreDirectory directory) throws FeedLogException, RocksDBException {
        boolean isKnown = false;
        try {
            log.formerFrom(StoreFormat.read(this, directory).formerFrom());
            isKnown = true;
            return this;
        } finally {
            if (!isKnown) {
                close();
            }
        }
    }

    private static List<ColumnFamilyDescriptor> families(Tuning tuning) {
        return List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.ids),
                new ColumnFamilyDescriptor(LOG.getBytes(StandardCharsets.US_ASCII), tuning.log),
                new ColumnFamilyDescriptor("state".getBytes(StandardCharsets.US_ASCII), tuning.other),
                new ColumnFamilyDescriptor("meta".getBytes(StandardCharsets.US_ASCII), tuning.other),
                new ColumnFamilyDescriptor("changes".getBytes(StandardCharsets.US_ASCII), tuning.log));
    }

    LogFamily log() {
        return log;
    }

    StateFamily state() {
        return state;
    }

    ChangesFamily changes() {
        return requireNonNull(changes, "the index of changes is not open");
    }

    /** Commits batches: the log entries, all their changes and the index of these, or nothing. */
    void commit(List<Batch> batches, List<Change> updates, byte[] orderMemory, List<Taken> taken)
            throws RocksDBException {
        int bytes = 0;
        for (Batch batch : batches) {
            bytes += batch.stored().length;
        }
        // Room for log entries, index and state, so that the native buffer seldom grows.
        try (var write = new WriteBatch(2 * bytes)) {
            for (Batch batch : batches) {
                log.put(batch, write);
            }
            long indexed = changes().put(batches, updates, write);
            state.apply(updates, batches.get(0).firstSeq(), write);
            if (orderMemory.length > 0) {
                write.put(meta, ORDER, orderMemory);
            }
            ids.put(taken, write);
            rocks.write(tuning.acknowledged, write);
            changes().written(indexed);
        }
    }

    TakenIds ids() {
        return ids;
    }

    /** Replaces what the order remembers, alone. */
    void remember(byte[] orderMemory) throws RocksDBException {
        rocks.put(meta, tuning.acknowledged, ORDER, orderMemory);
    }

    /** What the order remembers; empty if nothing. */
    byte[] orderMemory() throws RocksDBException {
        byte[] memory = rocks.get(meta, ORDER);
        return memory == null ? OrderState.NO_MEMORY : memory;
    }

    /** The oldest batch of the log; null if the log is empty. */
    @Nullable
    Batch oldest() throws RocksDBException {
        return log.firstFrom(logStart());
    }

    long logStart() throws RocksDBException {
        return start(LOG_START_KEY);
    }

    /** The oldest record of the index of changes; null if it is empty. */
    @Nullable
    ChangedNames oldestChanges() throws RocksDBException {
        return changes().firstFrom(changesStart());
    }

    long changesStart() throws RocksDBException {
        return start(CHANGES_START_KEY);
    }

    boolean hasChanges() {
        return changes != null;
    }

    /** The names of the files that its tables are in now. */
    List<String> tables() {
        return rocks.getLiveFilesMetaData().stream()
                .map(table -> table.fileName().replaceFirst("^/", ""))
                .toList();
    }

    private long start(String key) throws RocksDBException {
        byte[] start = meta(key);
        return start == null ? 1 : number(start);
    }

    /** The last update before some that are missing, among the newest {@code bytes} of the log; -1 if none are. */
    long hole(long bytes) throws RocksDBException {
        return log.hole(logStart(), bytes);
    }

    /** As RocksDB counts: each write of a key. */
    long latestSequence() {
        return rocks.getLatestSequenceNumber();
    }

    /**
     * Lets the log begin with that sequence number, the first of a batch, and gives back the files before it.
     *
     * @return false if they are to be given back another time, since a copy is made
     */
    boolean startLogAt(long seq) throws RocksDBException {
        // In this order: a log whose start is lost would have holes.
        putMeta(LOG_START_KEY, bytes(seq));
        return givesBack(() -> log.giveBackBefore(seq));
    }

    private interface GivingBack {
        void run() throws RocksDBException;
    }

    private boolean givesBack(GivingBack files) throws RocksDBException {
        if (!copying.tryLock()) {
            return false;
        }
        try {
            files.run();
            return true;
        } finally {
            copying.unlock();
        }
    }

    /** The same with the index of changes. */
    boolean startChangesAt(long seq) throws RocksDBException {
        putMeta(CHANGES_START_KEY, bytes(seq));
        return givesBack(() -> changes().giveBackBefore(seq));
    }

    static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** What {@link #bytes} wrote, and perhaps more behind it. */
    static long number(byte[] bytes) throws RocksDBException {
        if (bytes.length < Long.BYTES) {
            throw Failures.corruption("a number is expected, and there are " + bytes.length + " bytes");
        }
        return ByteBuffer.wrap(bytes).getLong();
    }

    byte @Nullable [] meta(String key) throws RocksDBException {
        return rocks.get(meta, key.getBytes(StandardCharsets.US_ASCII));
    }

    /** Forced to the disk, whatever the durability: updates must not survive what tells how to read them. */
    void putMeta(String key, byte[] value) throws RocksDBException {
        rocks.put(meta, tuning.forced, key.getBytes(StandardCharsets.US_ASCII), value);
    }

    /** Writes what says nothing, to see whether that can be done. */
    void probe() throws RocksDBException {
        putMeta(PROBE_KEY, new byte[1]);
    }

    /** All of it or nothing, and forced as well. */
    void replaceMeta(Map<String, byte[]> added, List<String> removed) throws RocksDBException {
        try (var write = new WriteBatch()) {
            for (Map.Entry<String, byte[]> entry : added.entrySet()) {
                write.put(meta, entry.getKey().getBytes(StandardCharsets.US_ASCII), entry.getValue());
            }
            for (String key : removed) {
                write.delete(meta, key.getBytes(StandardCharsets.US_ASCII));
            }
            rocks.write(tuning.forced, write);
        }
    }

    /**
     * Puts batches in the place of those in a former form, all or nothing, and forced as well.
     *
     * @param formerFrom the number from which on the others are still in that form
     */
    void replaceFormer(List<Batch> converted, long formerFrom) throws RocksDBException {
        byte[] key = StoreFormat.FORMER_FROM_KEY.getBytes(StandardCharsets.US_ASCII);
        try (var write = new WriteBatch()) {
            for (Batch batch : converted) {
                log.put(batch, write);
            }
            if (formerFrom == StoreFormat.NOWHERE) {
                write.delete(meta, key);
            } else {
                write.put(meta, key, bytes(formerFrom));
            }
            rocks.write(tuning.forced, write);
        }
        log.formerFrom(formerFrom);
    }

    Snapshot takeSnapshot() {
        Snapshot snapshot = rocks.getSnapshot();
        snapshots.add(snapshot);
        return snapshot;
    }

    /** Does nothing if it was released before, be it by {@link #close}. */
    void release(Snapshot snapshot) {
        if (snapshots.remove(snapshot)) {
            rocks.releaseSnapshot(snapshot);
        }
    }

    /** Makes a write fail that waits for background work, as it does without end while the disk is full. */
    void stopWaiting() {
        rocks.cancelAllBackgroundWork(false);
    }

    /**
     * Copies what was written before the call, and perhaps more. Files that never change are shared with the copy, and what was in memory only
     * is written to such files first, of all families at one moment.
     */
    void copyTo(Path directory) throws RocksDBException {
        copying.lock();
        try (var checkpoint = Checkpoint.create(rocks)) {
            checkpoint.createCheckpoint(directory.toString());
            // Copied while they are written, where there were others before: with holes, and nothing that is wanted.
            for (Path log : StoreDirectory.writeAheadLogs(directory)) {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new RocksDBException("the copy " + directory + ": " + Failures.reason(e));
        } finally {
            copying.unlock();
        }
    }

    /** Writes all tables anew; automatic compactions go on beside it, and writes are not held back for it. */
    void compact() throws RocksDBException {
        try (var options = new CompactRangeOptions()) {
            options.setExclusiveManualCompaction(false).setAllowWriteStall(false);
            for (ColumnFamilyHandle family : families) {
                rocks.compactRange(family, null, null, options);
            }
        }
    }

    /** How much its tables have on the disk. */
    long tableBytes() {
        return rocks.getLiveFilesMetaData().stream()
                .mapToLong(LiveFileMetaData::size)
                .sum();
    }

    /** Forces all updates to the disk, whatever the durability. */
    void force() throws RocksDBException {
        rocks.syncWal();
    }

    /** Writes nothing out: what is not in tables yet is in the write-ahead log. */
    @Override
    public void close() {
        snapshots.forEach(this::release);
        rocks.close();
        tuning.close();
    }
}
