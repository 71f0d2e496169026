package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The database of a store, while it is open.
 *
 * <p>Every use of native objects holds the read lock. The write lock closes or replaces the database: whoever comes later is
 * refused, where without it the JVM would crash. Thread-safe.
 */
final class HeldDatabase {

    /** What is done with the open database under the read lock. */
    interface Use<T> {
        T with(Database database) throws FeedLogException, RocksDBException;
    }

    /** What is written to it. */
    interface Write {
        void to(Database database) throws FeedLogException, RocksDBException;
    }

    /** A read that knows its database. */
    interface Read<T> {
        T run() throws RocksDBException;
    }

    /** Opens the one that comes next. */
    interface Opening {
        Database open() throws FeedLogException;
    }

    private final StoreDirectory directory;
    private final Failures failures;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Null while there is none to use; {@link #refusal} says why. Guarded by the lock. */
    private @Nullable Database database;

    private String refusal = "";
    private boolean closed;

    /** @param failures says what a failure of RocksDB means */
    HeldDatabase(StoreDirectory directory, Failures failures, Database database) {
        this.directory = directory;
        this.failures = failures;
        this.database = database;
    }

    private Database current() throws FeedLogException {
        Database open = database;
        if (open == null) {
            throw new FeedLogException(refusal);
        }
        return open;
    }

    /** Reads. */
    <T> T use(Use<T> use) throws FeedLogException {
        lock.readLock().lock();
        try {
            return use.with(current());
        } catch (RocksDBException e) {
            throw failures.reading(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Reads of a snapshot, which end with the database that it was taken of. */
    <T> T useOf(Database of, Read<T> read) throws FeedLogException {
        return use(open -> {
            if (open != of) {
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

    /** Writes; what a failure means is for the caller to say. */
    void write(Write write) throws FeedLogException, RocksDBException {
        lock.readLock().lock();
        try {
            write.to(current());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** An append that waits for room on a full disk would keep its read lock, and so keep whoever closes, for as long. */
    void stopWaiting() {
        lock.readLock().lock();
        try {
            if (database != null) {
                database.stopWaiting();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Closes the database and opens it anew, which ends open snapshots. Without one everybody is told why there is none. */
    void replace(Opening opening) throws FeedLogException {
        // A compaction would keep its read lock for as long as it takes.
        stopWaiting();
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new FeedLogException(refusal);
            }
            closeDatabase();
            database = opening.open();
        } catch (FeedLogException e) {
            refusal = String.valueOf(e.getMessage());
            throw e;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** @param last the last use of the database, if there is one */
    void close(Consumer<Database> last) {
        stopWaiting();
        lock.writeLock().lock();
        try {
            closed = true;
            refusal = "the store " + directory + " is closed";
            if (database != null) {
                last.accept(database);
            }
            closeDatabase();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeDatabase() {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
