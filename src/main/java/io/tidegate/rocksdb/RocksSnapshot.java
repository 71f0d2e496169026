package io.tidegate.rocksdb;

import akka.util.ByteString;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The documents as one RocksDB snapshot sees them.
 *
 * <p>A place is the key of the document that comes next, or where it would be. Between two reads there is no iterator: it would
 * pin write buffers and files for as long as a slow client needs. The lock is for a close that meets a read.
 */
final class RocksSnapshot implements Snapshot {

    private final HeldDatabase held;
    private final Database database;
    private final org.rocksdb.Snapshot snapshot;
    private final long seq;

    private final List<KeyRange> ranges;

    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    RocksSnapshot(HeldDatabase held, Database database, org.rocksdb.Snapshot snapshot, long seq, Selection selection) {
        this.held = held;
        this.database = database;
        this.snapshot = snapshot;
        this.seq = seq;
        ranges = KeyRange.of(selection);
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public @Nullable ByteString read(ByteString place, Sink sink) throws FeedLogException {
        use.readLock().lock();
        try {
            if (closed) {
                throw new FeedLogException("the snapshot is closed");
            }
            return held.useOf(database, () -> readDocuments(place.toArray(), sink))
                    .orElse(null);
        } finally {
            use.readLock().unlock();
        }
    }

    private Optional<ByteString> readDocuments(byte[] place, Sink sink) throws RocksDBException {
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        // Not into the block cache: a scan of everything would only push out what others use.
        try (var options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
                RocksIterator iterator = database.state().iterator(options)) {
            int range = KeyRange.indexOf(place, ranges);
            byte[] start = ranges.get(range).start();
            iterator.seek(Arrays.compareUnsigned(place, start) < 0 ? start : place);
            return Optional.ofNullable(readDocuments(range, iterator, sink));
        }
    }

    /** The key of the one that comes next; null if there is none. */
    private @Nullable ByteString readDocuments(int from, RocksIterator iterator, Sink sink) throws RocksDBException {
        var reader = new DocumentReader(iterator);
        boolean wanted = true;
        int range = from;
        while (true) {
            KeyRange wherein = ranges.get(range);
            boolean isIn = reader.loadKey() && reader.keyIsIn(wherein);
            if (isIn && !wanted) {
                return ByteString.fromArrayUnsafe(reader.key());
            }
            if (isIn) {
                reader.loadValue();
                wanted = sink.take(reader);
            }
            if (isIn && !wherein.isSingle()) {
                iterator.next();
            } else {
                iterator.status();
                range++;
                if (range == ranges.size()) {
                    return null;
                }
                iterator.seek(ranges.get(range).start());
            }
        }
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                held.release(database, snapshot);
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
