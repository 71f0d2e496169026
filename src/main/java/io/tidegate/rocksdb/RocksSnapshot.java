package io.tidegate.rocksdb;

import akka.util.ByteString;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.document.Utf8Buffer;
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
 * <p>A place is the key of the document that comes next. Between two reads there is no iterator: it would pin write buffers
 * and files for as long as a slow client needs. The lock is for a close that meets a read.
 */
final class RocksSnapshot implements Snapshot {

    private static final byte[] EVERYTHING = new byte[0];

    private final RocksFeedLog owner;
    private final Database database;
    private final org.rocksdb.Snapshot snapshot;
    private final long seq;

    private final Selection selection;

    /** What the keys start with, in the order of the keys. */
    private final List<byte[]> prefixes;

    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    RocksSnapshot(RocksFeedLog owner, Database database, org.rocksdb.Snapshot snapshot, long seq, Selection selection) {
        this.owner = owner;
        this.database = database;
        this.snapshot = snapshot;
        this.seq = seq;
        this.selection = selection;
        this.prefixes = prefixes(selection);
    }

    private static List<byte[]> prefixes(Selection selection) {
        if (selection.isAll()) {
            return List.of(EVERYTHING);
        }
        return selection.least().stream()
                .map(Selector::collection)
                .distinct()
                .map(StateFamily::prefix)
                .sorted(Arrays::compareUnsigned)
                .toList();
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
            if (selection.isNone()) {
                return null;
            }
            return owner.readFrom(database, () -> readDocuments(place.toArray(), selected(sink)))
                    .orElse(null);
        } finally {
            use.readLock().unlock();
        }
    }

    private Sink selected(Sink sink) {
        var key = new Utf8Buffer(64);
        return document -> {
            key.clear();
            document.writeKey(key);
            return !selection.keysOf(document.collection()).include(key.array(), 1) || sink.take(document);
        };
    }

    private Optional<ByteString> readDocuments(byte[] place, Sink sink) throws RocksDBException {
        // Not into the block cache: a scan of everything would only push out what others use.
        try (var options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
                RocksIterator iterator = database.state().iterator(options)) {
            var reader = new DocumentReader(iterator);
            int prefix = prefixOf(place);
            iterator.seek(place.length == 0 ? prefixes.get(prefix) : place);
            boolean wanted = true;
            while (true) {
                if (reader.loadKey() && reader.keyStartsWith(prefixes.get(prefix))) {
                    if (!wanted) {
                        return Optional.of(ByteString.fromArrayUnsafe(reader.key()));
                    }
                    reader.loadValue();
                    wanted = sink.take(reader);
                    iterator.next();
                } else {
                    iterator.status();
                    prefix++;
                    if (prefix == prefixes.size()) {
                        return Optional.empty();
                    }
                    iterator.seek(prefixes.get(prefix));
                }
            }
        }
    }

    /** Which prefix the key at {@code place} starts with. */
    private int prefixOf(byte[] place) {
        int prefix = 0;
        while (place.length > 0 && !startsWith(place, prefixes.get(prefix))) {
            prefix++;
        }
        return prefix;
    }

    private static boolean startsWith(byte[] key, byte[] start) {
        return key.length >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                owner.release(database, snapshot);
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
