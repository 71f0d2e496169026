package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Keys;
import io.tidegate.document.Selection;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run of consecutive updates that were committed together, encoded once for everybody. A large commit makes several.
 *
 * <p>One byte array holds all of it, in the form in which it is stored, so that a batch that was read back from the log
 * is the batch that was published:
 *
 * <pre>
 *  ┌──────────────────┬──────────────────────────────┬─────────────────────┬────────────────────┬────────┐
 *  │ event lines      │ per update: line end (4),    │ collections: length │ per update: where  │ footer │
 *  │ as they are sent │ number of its collection (2) │ (2), UTF-8          │ its key begins (2) │ (44)   │
 *  └──────────────────┴──────────────────────────────┴─────────────────────┴────────────────────┴────────┘
 *  footer: offset (8), bytes of lines (4), updates (4), collections (4), first sequence (8),
 *          stored bytes of all earlier batches (8), commit time in epoch milliseconds (8)
 * </pre>
 *
 * <p>All numbers are big-endian; a key begins so many bytes after its line does. Immutable and thread-safe: many connections send slices of the one array.
 */
public final class Batch {

    static final int FOOTER_BYTES = 44;
    static final int INDEX_ENTRY_BYTES = 6;
    static final int KEY_ENTRY_BYTES = 2;

    /** Most collections one batch can tell apart. */
    static final int MAX_COLLECTIONS = 0xffff;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] stored;
    private final int lineBytes;
    private final int count;
    private final long firstSeq;
    private final long offset;
    private final long bytesBefore;
    private final long committedAtMillis;
    private final Collection[] collections;
    private final EventLines lines;

    private Batch(byte[] stored) {
        this.stored = stored;
        int footer = stored.length - FOOTER_BYTES;
        offset = (long) LONG.get(stored, footer);
        lineBytes = intAt(footer + 8);
        count = intAt(footer + 12);
        int collectionCount = intAt(footer + 16);
        requireFit(footer, collectionCount);
        collections = new Collection[collectionCount];
        firstSeq = (long) LONG.get(stored, footer + 20);
        bytesBefore = (long) LONG.get(stored, footer + 28);
        committedAtMillis = (long) LONG.get(stored, footer + 36);
        readCollections();
        lines = new EventLines(ByteString.fromArrayUnsafe(stored, 0, lineBytes), count, lastSeq());
    }

    /**
     * Takes over a stored form; the array must not change from now on.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Batch of(byte[] stored) {
        try {
            return new Batch(stored);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a stored batch: " + stored.length + " bytes", e);
        }
    }

    private void requireFit(int footer, int collectionCount) {
        long least = (long) lineBytes + (long) count * (INDEX_ENTRY_BYTES + KEY_ENTRY_BYTES) + 2L * collectionCount;
        if (lineBytes < 0 || count < 1 || collectionCount < 1 || least > footer) {
            throw new IndexOutOfBoundsException("the parts do not fit");
        }
    }

    private void readCollections() {
        int at = lineBytes + count * INDEX_ENTRY_BYTES;
        for (int i = 0; i < collections.length; i++) {
            int length = shortAt(at);
            collections[i] = new Collection(new String(stored, at + 2, length, StandardCharsets.UTF_8));
            at += 2 + length;
        }
    }

    /**
     * Looks at all of it, which costs a look at each update: its parts fill it, its lines follow one another, and each has a
     * collection and the place of its key.
     *
     * @throws IllegalArgumentException if that is not so
     */
    public void requireWhole() {
        int at = lineBytes + count * INDEX_ENTRY_BYTES;
        for (int i = 0; i < collections.length; i++) {
            at += 2 + shortAt(at);
        }
        boolean isWhole = at + count * KEY_ENTRY_BYTES + FOOTER_BYTES == stored.length
                && lineEnd(count - 1) == lineBytes
                && firstSeq >= 1
                && lastSeq() >= firstSeq
                && bytesBefore >= 0;
        for (int i = 0; i < count && isWhole; i++) {
            int length = lineEnd(i) - lineStart(i);
            isWhole = lineEnd(i) <= lineBytes
                    && length > 0
                    && keyStart(i) < length
                    && stored[lineEnd(i) - 1] == '\n'
                    && shortAt(lineBytes + i * INDEX_ENTRY_BYTES + 4) < collections.length;
        }
        if (!isWhole) {
            throw new IllegalArgumentException("a stored batch is not whole: " + this);
        }
    }

    public long firstSeq() {
        return firstSeq;
    }

    public long lastSeq() {
        return firstSeq + count - 1;
    }

    /** How many updates it holds, at least 1. */
    public int count() {
        return count;
    }

    /** Where the {@link Order} goes on after the commit that it is part of. */
    public long offset() {
        return offset;
    }

    /** Commit time in milliseconds since the epoch. */
    public long committedAtMillis() {
        return committedAtMillis;
    }

    /** Stored bytes of all batches before this one in this life of the log, trimmed ones included. */
    public long bytesBefore() {
        return bytesBefore;
    }

    /** {@link #bytesBefore()} of the batch that follows. */
    public long bytesAfter() {
        return bytesBefore + stored.length;
    }

    /** The stored form; not a copy, and never to be changed. */
    public byte[] stored() {
        return stored;
    }

    public boolean contains(long seq) {
        return seq >= firstSeq && seq <= lastSeq();
    }

    /** The event line of one of its updates. */
    public ByteString line(long seq) {
        return lines(seq - 1, seq, Selection.ALL).bytes();
    }

    /** The event lines of the updates after {@code seq} that pass {@code selection}; may be empty. */
    public EventLines linesAfter(long seq, Selection selection) {
        return lines(seq, lastSeq(), selection);
    }

    /**
     * The event lines of the updates after {@code after} up to {@code last} that pass {@code selection}; may be empty.
     *
     * @param last at most that of the batch
     */
    EventLines lines(long after, long last, Selection selection) {
        int from = (int) (Math.max(after + 1, firstSeq) - firstSeq);
        int end = (int) (last + 1 - firstSeq);
        return selection.isAll() ? whole(from, end) : select(from, end, selection);
    }

    /** All of some updates, as a slice of the batch. */
    private EventLines whole(int from, int end) {
        if (from >= end) {
            return EventLines.NONE;
        }
        return from == 0 && end == count
                ? lines
                : new EventLines(lines.bytes().slice(lineStart(from), lineStart(end)), end - from, firstSeq + end - 1);
    }

    /** One pass over the index. Lines that follow one another are copied at once, and if they are the only ones, not at all. */
    private EventLines select(int from, int end, Selection selection) {
        var covered = new Covered(selection, from, end);
        int begin = covered.next(from, true);
        int stop = covered.next(begin, false);
        int more = covered.next(stop, true);
        if (more == end) {
            return whole(begin, stop);
        }
        var selected = new Utf8Buffer(1024);
        int updates = 0;
        long last = 0;
        while (begin < end) {
            selected.put(stored, lineStart(begin), lineStart(stop) - lineStart(begin));
            updates += stop - begin;
            last = firstSeq + stop - 1;
            begin = more;
            stop = covered.next(begin, false);
            more = covered.next(stop, true);
        }
        return new EventLines(ByteString.fromArrayUnsafe(selected.toArray()), updates, last);
    }

    /** Which of some updates a selection covers. */
    private final class Covered {

        private final Selection selection;
        private final int end;

        /** What it covers of each collection, as far as it was asked; null if it is asked seldom. */
        private final @Nullable Keys @Nullable [] keys;

        Covered(Selection selection, int from, int end) {
            this.selection = selection;
            this.end = end;
            keys = end - from < collections.length ? null : new @Nullable Keys[collections.length];
        }

        /** The first update from there on that is covered, or is not. */
        int next(int from, boolean wanted) {
            int update = from;
            while (update < end && covers(update) != wanted) {
                update++;
            }
            return update;
        }

        private boolean covers(int update) {
            Keys covered = keysOf(shortAt(lineBytes + update * INDEX_ENTRY_BYTES + 4));
            return covered == Keys.ALL
                    || (covered != Keys.NONE && covered.include(stored, lineStart(update) + keyStart(update)));
        }

        private Keys keysOf(int collection) {
            if (keys == null) {
                return selection.keysOf(collections[collection]);
            }
            Keys known = keys[collection];
            if (known == null) {
                known = selection.keysOf(collections[collection]);
                keys[collection] = known;
            }
            return known;
        }
    }

    /** After how many bytes of its line the key of an update begins. */
    int keyStart(int update) {
        return shortAt(stored.length - FOOTER_BYTES - (count - update) * KEY_ENTRY_BYTES);
    }

    private int lineStart(int update) {
        return update == 0 ? 0 : lineEnd(update - 1);
    }

    private int lineEnd(int update) {
        return intAt(lineBytes + update * INDEX_ENTRY_BYTES);
    }

    private int intAt(int offset) {
        return (int) INT.get(stored, offset);
    }

    private int shortAt(int offset) {
        return (short) SHORT.get(stored, offset) & 0xffff;
    }

    @Override
    public String toString() {
        return "Batch[" + firstSeq + ".." + lastSeq() + ", " + stored.length + " bytes]";
    }

    /** Encodes changes into batches. Used by one thread; its buffers are reused from batch to batch. */
    public static final class Builder {

        private final EventEncoder encoder;
        private final int maxUpdates;
        private final int maxBytes;
        private final Utf8Buffer buffer = new Utf8Buffer(4096);
        private final Utf8Buffer index = new Utf8Buffer(1024);
        private final Utf8Buffer keys = new Utf8Buffer(512);
        private final Map<Collection, Integer> collections = new LinkedHashMap<>();

        /** A builder of batches of any size. */
        public Builder(EventEncoder encoder) {
            this(encoder, Integer.MAX_VALUE, Integer.MAX_VALUE);
        }

        /**
         * A builder that cuts large commits.
         *
         * @param maxUpdates most updates of a batch
         * @param maxBytes weight of its changes at which a batch takes no further one
         */
        Builder(EventEncoder encoder, int maxUpdates, int maxBytes) {
            this.encoder = encoder;
            this.maxUpdates = maxUpdates;
            this.maxBytes = maxBytes;
        }

        /**
         * Gives the changes of a commit consecutive numbers from {@code firstSeq} and encodes them, in as few batches as the limits
         * allow.
         *
         * <p>A commit is the larger the more publishers there are, since an fsync costs the same for any number of updates. A
         * batch is not: every follower that catches up holds at least one.
         *
         * @param offset where the order goes on after the commit
         * @param bytesBefore stored bytes of all earlier batches
         * @param nowMillis commit time, milliseconds since the epoch
         */
        List<Batch> buildAll(List<Change> changes, long firstSeq, long offset, long bytesBefore, long nowMillis) {
            List<Batch> batches = new ArrayList<>();
            long before = bytesBefore;
            int from = 0;
            while (from < changes.size()) {
                int to = endOfBatch(changes, from);
                Batch batch = build(changes.subList(from, to), firstSeq + from, offset, before, nowMillis);
                batches.add(batch);
                before = batch.bytesAfter();
                from = to;
            }
            return batches;
        }

        private int endOfBatch(List<Change> changes, int from) {
            int most = (int) Math.min(changes.size(), (long) from + maxUpdates);
            long bytes = 0;
            int to = from;
            while (to < most && bytes < maxBytes) {
                bytes += changes.get(to).weight();
                to++;
            }
            return to;
        }

        /** Encodes the changes into one batch; see {@link #buildAll}. */
        public Batch build(List<Change> changes, long firstSeq, long offset, long bytesBefore, long nowMillis) {
            buffer.clear();
            index.clear();
            keys.clear();
            collections.clear();
            long seq = firstSeq;
            for (Change change : changes) {
                keys.putShort(encoder.update(new Update(seq++, change), buffer));
                index.putInt(buffer.length()).putShort(numberOf(change.collection()));
            }
            int lineBytes = buffer.length();
            buffer.put(index);
            for (Collection collection : collections.keySet()) {
                byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
                buffer.putShort(name.length).put(name);
            }
            buffer.put(keys);
            buffer.putLong(offset).putInt(lineBytes).putInt(changes.size()).putInt(collections.size());
            buffer.putLong(firstSeq).putLong(bytesBefore).putLong(nowMillis);
            return new Batch(buffer.toArray());
        }

        private int numberOf(Collection collection) {
            Integer known = collections.get(collection);
            if (known != null) {
                return known;
            }
            int number = collections.size();
            collections.put(collection, number);
            return number;
        }
    }
}
