package io.tidegate.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Logger;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/**
 * How RocksDB is set up, and why.
 *
 * <p>Native memory is bounded: two column families in use with {@link #WRITE_BUFFERS} buffers each, and the block cache,
 * are at most 128 MiB together; the usual is half of that. All families are flushed together, and of each update the index of changes
 * has a small part of what the log has, so its buffers add no more than that part.
 */
final class Tuning implements AutoCloseable {

    /** Room that RocksDB wants to see on the disk before it accepts writes again after the disk was full. */
    static final long WRITE_BUFFER_BYTES = 16L << 20;

    /** One that is filled, one that is being written to disk, and one so that neither waits for the other. */
    private static final int WRITE_BUFFERS = 3;

    /** Uncompressed blocks of the log for cursors that catch up, and the indexes of all table files. */
    private static final long BLOCK_CACHE_BYTES = 32L << 20;

    /** Few enough to leave descriptors to the sockets; without a bound RocksDB keeps every table file open. */
    private static final int MAX_OPEN_FILES = 512;

    /** The log is given back to the file system in whole files: small ones follow the retention closely. */
    static final long LOG_FILE_BYTES = 16L << 20;

    /** Bounds the replay after a crash; a flush normally ends the write-ahead log long before. */
    private static final long MAX_WAL_BYTES = 128L << 20;

    /** Documents and events are small: larger blocks compress better, and all reads are scans. */
    private static final long BLOCK_BYTES = 16L << 10;

    /** For each key: one in a hundred that is not there is looked for all the same. */
    private static final double FILTER_BITS = 10;

    private static final long MIB = 1L << 20;

    private final Cache blockCache = new LRUCache(BLOCK_CACHE_BYTES);
    final ColumnFamilyOptions log = family().setTargetFileSizeBase(LOG_FILE_BYTES);
    final ColumnFamilyOptions other = family();

    /** Of ids: nearly every one that is looked for is new, and the filter says so without a read. */
    private final Filter filter = new BloomFilter(FILTER_BITS, false);

    final ColumnFamilyOptions ids =
            family().setTableFormatConfig(tables().setFilterPolicy(filter).setWholeKeyFiltering(true));
    final DBOptions database = database();
    final WriteOptions acknowledged;
    final WriteOptions forced = new WriteOptions().setSync(true);

    private @Nullable Logger silencer;

    Tuning(Durability durability) {
        acknowledged = new WriteOptions().setSync(durability == Durability.SYNC);
    }

    /** Without RocksDB's own LOG: it would take the place of that of the last run. */
    Tuning silent() {
        Logger nobody = new Logger(InfoLogLevel.FATAL_LEVEL) {
            @Override
            protected void log(InfoLogLevel level, String message) {}
        };
        silencer = nobody;
        database.setLogger(nobody);
        return this;
    }

    private ColumnFamilyOptions family() {
        // LZ4 is in the native library of every platform; JSON shrinks to a third or less, and reads hardly notice.
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(tables());
    }

    private BlockBasedTableConfig tables() {
        return new BlockBasedTableConfig()
                .setBlockCache(blockCache)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true);
    }

    private static DBOptions database() {
        DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        keepEveryAcknowledgedUpdate(options);
        stayWithinBounds(options);
        return options;
    }

    private static void keepEveryAcknowledgedUpdate(DBOptions options) {
        options
                // Replays the write-ahead log up to the first record that is not whole. After a kill -9 that is where
                // it ends; after a power cut it is the first record that was not forced, so under "sync" one that was
                // not acknowledged. The stricter modes refuse to open when that record is torn in its middle; the
                // lenient one skips it and applies what follows, which would leave a hole in the sequence.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // Write-ahead logs are overwritten instead of created: an fsync has no file size to record, which
                // makes it a third faster. And their records carry the number of their log. With records that do not,
                // opening never ends (RocksDB 10.10) if garbage behind a torn tail looks like one that does.
                .setRecycleLogFileNum(1)
                // Each append is in the operating system's hands when it returns, also under "os".
                .setManualWalFlush(false)
                // After a failed write nothing more goes to that write-ahead log. Without this, appends would go on
                // behind a torn record, and a restart would stop at it and lose them.
                .setParanoidChecks(true)
                // Log and state are flushed together. When RocksDB recovers from a full disk it abandons a write-ahead
                // log that may hold the batch that failed; a crash at that moment must not replay it for one only.
                .setAtomicFlush(true);
    }

    private static void stayWithinBounds(DBOptions options) {
        options.setMaxBackgroundJobs(2)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setMaxTotalWalSize(MAX_WAL_BYTES)
                .setMaxManifestFileSize(4 * MIB)
                .setManifestPreallocationSize(64 << 10)
                // Writes tables out as they grow: the fsync of an append does not queue behind a whole table.
                .setBytesPerSync(MIB)
                // All reads are scans, so the kernel's own read-ahead is wanted.
                .setAdviseRandomOnOpen(false)
                // Closing an iterator never deletes files in the reader's thread.
                .setAvoidUnnecessaryBlockingIO(true)
                // RocksDB's own LOG: warnings only, two files of at most 1 MiB, no hourly statistics.
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MIB)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    @Override
    public void close() {
        forced.close();
        acknowledged.close();
        database.close();
        other.close();
        ids.close();
        filter.close();
        log.close();
        blockCache.close();
        if (silencer != null) {
            silencer.close();
        }
    }
}
