package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog.Changes;
import io.tidegate.feed.FeedLog.Found;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/**
 * Looks in the index of changes for what concerns a selection after {@code seq}, up to {@code limit}. For one call.
 *
 * <p>Its iterators are made before it is asked whether that was trimmed, since they go on seeing what it gives back to the disk later.
 */
final class ChangeSearch {

    /**
     * So many updates are looked at in one go, some milliseconds of work. The more there are, the more of what is stale is found by
     * itself, which spares a look into the state, some ten times as dear.
     */
    static final int WINDOW_UPDATES = 1 << 16;

    /** And no more documents, of which the first few hundred fill the client's piece: the next one begins anew behind them. */
    static final int WINDOW_DOCUMENTS = 1 << 13;

    /** The last that the window has of a document. */
    private static final class Last {
        private final SelectedNames.Part part;
        private final ByteBuffer key;
        private long seq;
        private boolean isDelete;

        Last(SelectedNames.Part part, ByteBuffer key) {
            this.part = part;
            this.key = key;
        }
    }

    private final Database database;
    private final long seq;
    private final int maxBytes;
    private final long limit;
    private final SelectedNames selected;

    ChangeSearch(Database database, long seq, Selection selection, int maxBytes, long limit) {
        this.database = database;
        this.seq = seq;
        this.maxBytes = maxBytes;
        this.limit = limit;
        selected = new SelectedNames(selection);
    }

    /** Null if what comes after {@code seq} was trimmed. */
    @Nullable
    Found batches(LogStart start) throws RocksDBException {
        try (RocksIterator index = database.changes().iterator();
                RocksIterator log = database.log().iterator()) {
            return seq < start.seqBefore() ? null : batches(index, log);
        }
    }

    private Found batches(RocksIterator index, RocksIterator log) throws RocksDBException {
        List<Batch> found = new ArrayList<>();
        long bytes = 0;
        long last = seq;
        ChangedNames names = first(index);
        while (true) {
            if (selected.concernsAny(names, seq)) {
                Batch batch = database.log().at(names.firstSeq(), log);
                found.add(batch);
                bytes += batch.stored().length;
            }
            last = names.lastSeq();
            if (bytes >= maxBytes || isEnd(last, limit)) {
                return new Found(found, last);
            }
            names = following(names, index);
        }
    }

    private boolean isEnd(long last, long to) {
        return last >= to || last - seq >= WINDOW_UPDATES;
    }

    private ChangedNames first(RocksIterator index) throws RocksDBException {
        ChangedNames first = ChangesFamily.atOrBefore(seq + 1, index);
        if (first == null || first.lastSeq() <= seq) {
            throw missing(seq + 1);
        }
        return first;
    }

    private static ChangedNames following(ChangedNames names, RocksIterator index) throws RocksDBException {
        ChangedNames next = ChangesFamily.next(index);
        if (next == null || next.firstSeq() != names.lastSeq() + 1) {
            throw missing(names.lastSeq() + 1);
        }
        return next;
    }

    private static RocksDBException missing(long seq) {
        return Failures.corruption("in the index of changes update " + seq + " is missing");
    }

    /**
     * Null if it is not known any more what changed.
     *
     * <p>Index and state are read as they were at one moment. So of each document the state has the number that the index has last, or
     * one beyond the limit: then it is found from there on, whether it was put or deleted. A value goes with the number that is stored
     * with it, so it is never older than that; a delete is told if there is no document and the last that happened to it in the window
     * is its delete.
     */
    @Nullable
    Changes documents(ChangesStart start) throws RocksDBException {
        Snapshot moment = database.takeSnapshot();
        try (var options = new ReadOptions().setSnapshot(moment)) {
            List<Last> lasts = new ArrayList<>();
            long end;
            try (RocksIterator index = database.changes().iterator(options)) {
                if (seq < start.knownAfter()) {
                    return null;
                }
                end = gather(lasts, Math.min(limit, ChangesFamily.newest(index)), index);
            }
            lasts.sort(Comparator.comparingLong(last -> last.seq));
            return lookUp(lasts, end, options);
        } finally {
            database.release(moment);
        }
    }

    /** The end of the window. */
    private long gather(List<Last> lasts, long to, RocksIterator index) throws RocksDBException {
        var known = new IdentityHashMap<SelectedNames.Part, Map<ByteBuffer, Last>>();
        ChangedNames names = first(index);
        while (true) {
            selected.read(names);
            while (selected.advance(names, seq) && names.seq() <= to) {
                SelectedNames.Part part = selected.partOf(names);
                // Comparable, so that names that were made to collide do no harm.
                var key = ByteBuffer.wrap(names.bytes(), names.keyStart(), names.keyEnd() - names.keyStart());
                Map<ByteBuffer, Last> ofPart = known.computeIfAbsent(part, any -> new HashMap<>());
                Last last = ofPart.get(key);
                if (last == null) {
                    last = new Last(part, key);
                    ofPart.put(key, last);
                    lasts.add(last);
                }
                last.seq = names.seq();
                last.isDelete = names.isDelete();
            }
            long end = Math.min(to, names.lastSeq());
            if (lasts.size() >= WINDOW_DOCUMENTS || isEnd(end, to)) {
                return end;
            }
            names = following(names, index);
        }
    }

    private Changes lookUp(List<Last> lasts, long end, ReadOptions moment) throws RocksDBException {
        List<Changed> documents = new ArrayList<>();
        long bytes = 0;
        for (Last last : lasts) {
            byte[] value = database.state().get(last.part.collection(), last.key, moment);
            boolean isPut = value != null && Database.number(value) == last.seq;
            if (isPut || (value == null && last.isDelete)) {
                documents.add(changed(last, value));
                bytes += Change.OVERHEAD_BYTES + last.key.remaining() + (value == null ? 0 : value.length);
                if (bytes >= maxBytes) {
                    return new Changes(documents, last.seq);
                }
            }
        }
        return new Changes(documents, end);
    }

    private static Changed changed(Last last, byte @Nullable [] value) throws RocksDBException {
        String text = StandardCharsets.UTF_8.decode(last.key.duplicate()).toString();
        Json json = value == null ? null : Json.stored(Arrays.copyOfRange(value, Long.BYTES, value.length));
        try {
            return new Changed(new DocumentName(last.part.collection(), new Key(text)), last.seq, json);
        } catch (IllegalArgumentException e) {
            throw Failures.corruption(
                    "the index of changes is not readable at update " + last.seq + ", " + e.getMessage());
        }
    }
}
