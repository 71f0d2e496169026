package io.tidegate.rocksdb;

import io.tidegate.document.Document;
import io.tidegate.document.Filter;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The documents as one RocksDB snapshot sees them.
 *
 * <p>Between two reads there is no iterator, only the key to go on from: an iterator would pin write buffers and files for
 * as long as a slow client needs. The lock is for a close that meets a read; the methods are meant for one thread.
 */
final class RocksSnapshot implements Snapshot {

    private static final byte[] EVERYTHING = new byte[0];

    private final RocksFeedLog owner;
    private final Database database;
    private final org.rocksdb.Snapshot snapshot;
    private final long seq;

    /** What the keys start with, in the order of the keys. */
    private final List<byte[]> prefixes;

    private int prefix;
    private byte[] next;
    private boolean closed;

    RocksSnapshot(RocksFeedLog owner, Database database, org.rocksdb.Snapshot snapshot, long seq, Filter filter) {
        this.owner = owner;
        this.database = database;
        this.snapshot = snapshot;
        this.seq = seq;
        this.prefixes = prefixes(filter);
        this.next = prefixes.get(0);
    }

    private static List<byte[]> prefixes(Filter filter) {
        if (filter.isAll()) {
            return List.of(EVERYTHING);
        }
        return filter.collections().stream()
                .map(StateFamily::prefix)
                .sorted(Arrays::compareUnsigned)
                .toList();
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public synchronized List<Document> read(int maxBytes) throws FeedLogException {
        if (closed) {
            throw new FeedLogException("the snapshot is closed");
        }
        return owner.readFrom(database, () -> readDocuments(maxBytes));
    }

    private List<Document> readDocuments(int maxBytes) throws RocksDBException {
        var documents = new ArrayList<Document>();
        // Not into the block cache: a scan of everything would only push out what others use.
        try (var options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
                RocksIterator iterator = database.state().iterator(options)) {
            var reader = new DocumentReader(iterator);
            long bytes = 0;
            iterator.seek(next);
            while (bytes < Math.max(1, maxBytes) && prefix < prefixes.size()) {
                if (reader.load() && reader.keyStartsWith(prefixes.get(prefix))) {
                    documents.add(reader.document());
                    bytes += reader.bytes();
                    iterator.next();
                } else {
                    iterator.status();
                    seekNextCollection(iterator);
                }
            }
            if (prefix < prefixes.size()) {
                next = reader.nextKey();
            }
        }
        return documents;
    }

    private void seekNextCollection(RocksIterator iterator) {
        prefix++;
        if (prefix < prefixes.size()) {
            next = prefixes.get(prefix);
            iterator.seek(next);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            owner.release(database, snapshot);
        }
    }
}
