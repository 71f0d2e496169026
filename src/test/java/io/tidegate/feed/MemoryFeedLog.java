package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Document;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A log in memory that fails, waits or forgets when a test tells it to. Thread-safe. */
public final class MemoryFeedLog implements FeedLog {

    public static final String EPOCH = "mem1";

    private final List<Batch> batches = new ArrayList<>();

    private final MemoryChanges changes = new MemoryChanges();

    private final TreeMap<DocumentName, Document> documents = new TreeMap<>();

    private final MemorySnapshots snapshots = new MemorySnapshots();

    /** What the order remembered, by the last update of each commit. */
    private final Map<Long, byte[]> memories = new HashMap<>();

    private final AtomicInteger heldAppends = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger documentReads = new AtomicInteger();

    private final List<Taken> taken = new CopyOnWriteArrayList<>();

    private volatile Epochs epochs = Epochs.of(EPOCH);
    private volatile @Nullable Throwable appendFailure;
    private volatile @Nullable FeedLogException readFailure;
    private volatile @Nullable FeedLogException trimFailure;
    private volatile @Nullable DocumentName unreadable;
    private volatile Runnable beforeAppend = () -> {};
    private volatile Runnable afterAppend = () -> {};
    private volatile @Nullable CountDownLatch held;

    // ---- what a test may tell it

    /** Appends throw this from now on; null: they work again. */
    public void failAppends(@Nullable Throwable failure) {
        appendFailure = failure;
    }

    /** Reads of the log throw from now on; null: they work again. */
    public void failReads(@Nullable String message) {
        readFailure = message == null ? null : new FeedLogException(message);
    }

    /** Opening and reading snapshots throw from now on; null: they work again. */
    public void failSnapshots(@Nullable String message) {
        snapshots.fail(message);
    }

    /** The log cannot be trimmed from now on; null: it can again. */
    void failTrims(@Nullable String message) {
        trimFailure = message == null ? null : new FeedLogException(message);
    }

    /** This document cannot be read from now on; null: all can. */
    public void failReadsOf(@Nullable DocumentName name) {
        unreadable = name;
    }

    /** Runs on the appending thread before each append takes effect. */
    public void beforeAppend(Runnable action) {
        beforeAppend = action;
    }

    /** Runs on the appending thread when a batch is in the log already, before append returns. */
    void afterAppend(Runnable action) {
        afterAppend = action;
    }

    /** Appends wait from now on until the latch is counted down. */
    public CountDownLatch holdAppends() {
        var latch = new CountDownLatch(1);
        held = latch;
        return latch;
    }

    /** Appends that waited, or still do. */
    public int heldAppends() {
        return heldAppends.get();
    }

    /** Forgets the batches whose updates are all up to {@code seq}; never the last one. */
    public synchronized void trimTo(long seq) {
        while (batches.size() > 1 && batches.get(0).lastSeq() <= seq) {
            removeOldest();
        }
    }

    /** From now on it remembers what the last {@code updates} of those that are trimmed have changed; it is none at first. */
    public synchronized void rememberChanges(long updates) {
        changes.rememberTrimmed(updates);
    }

    private void removeOldest() {
        changes.trimTo(batches.remove(0).lastSeq());
    }

    /** As when the store is opened: another epoch begins. */
    synchronized void beginEpoch() {
        Batch last = last();
        epochs = epochs.begin(last == null ? 0 : last.lastSeq());
    }

    /** As when the files are copied while nobody has them open. */
    public synchronized MemoryFeedLog copy() {
        var copy = new MemoryFeedLog();
        copy.batches.addAll(batches);
        copy.changes.goOnFrom(changes);
        copy.documents.putAll(documents);
        copy.epochs = epochs;
        copy.memories.putAll(memories);
        copy.taken.addAll(taken);
        return copy;
    }

    /** The same with the documents as they were then: an older copy. Of whole commits only. */
    public synchronized MemoryFeedLog copyAsOf(long seq) {
        var copy = new MemoryFeedLog();
        long begun = 0;
        for (long end : new TreeMap<>(memories).keySet()) {
            if (end == 0) {
                copy.memories.put(end, memories.getOrDefault(end, OrderState.NO_MEMORY));
            } else if (end <= seq) {
                long from = begun;
                copy.add(
                        batches.stream()
                                .filter(batch -> batch.firstSeq() > from && batch.lastSeq() <= end)
                                .toList(),
                        changes.between(begun, end),
                        memories.getOrDefault(end, OrderState.NO_MEMORY));
                begun = end;
            }
        }
        taken.stream().filter(each -> each.seq() <= seq).forEach(copy.taken::add);
        return copy;
    }

    @Override
    public synchronized void remember(byte[] memory) throws FeedLogException {
        fail(appendFailure);
        Batch last = last();
        memories.put(last == null ? 0 : last.lastSeq(), memory);
    }

    @Override
    public synchronized void beginEpoch(String name, byte[] memory) throws FeedLogException {
        fail(appendFailure);
        Batch last = last();
        epochs = epochs.begin(name, last == null ? 0 : last.lastSeq());
        memories.put(last == null ? 0 : last.lastSeq(), memory);
    }

    /** As when its end gets lost: the batches that begin after {@code seq}, and of the epochs nothing. */
    synchronized void loseAfter(long seq) {
        batches.removeIf(batch -> batch.firstSeq() > seq);
        Batch last = last();
        changes.loseAfter(last == null ? 0 : last.lastSeq());
    }

    public synchronized List<Batch> batches() {
        return List.copyOf(batches);
    }

    int reads() {
        return reads.get();
    }

    public int openSnapshots() {
        return snapshots.opened();
    }

    /** Waits, for 20 s at most, until so many are open. */
    void awaitOpenSnapshots(int count) {
        snapshots.awaitOpened(count);
    }

    int snapshotReads() {
        return snapshots.reads();
    }

    /** Of single documents. */
    int documentReads() {
        return documentReads.get();
    }

    // ---- FeedLog

    @Override
    public Epochs epochs() {
        return epochs;
    }

    @Override
    public synchronized @Nullable Batch last() {
        return batches.isEmpty() ? null : batches.get(batches.size() - 1);
    }

    @Override
    public synchronized @Nullable Batch oldest() {
        return batches.isEmpty() ? null : batches.get(0);
    }

    @Override
    public synchronized OrderState orderState() {
        Batch end = last();
        return end == null
                ? new OrderState(0, memories.getOrDefault(0L, OrderState.NO_MEMORY))
                : new OrderState(end.offset(), memories.getOrDefault(end.lastSeq(), OrderState.NO_MEMORY));
    }

    @Override
    public synchronized long takenAs(DocumentName document, PublicationId id) {
        Batch end = last();
        return taken.stream()
                .filter(each -> end != null && each.seq() <= end.lastSeq())
                .filter(each -> each.document().equals(document) && each.id().equals(id))
                .mapToLong(Taken::seq)
                .max()
                .orElse(0);
    }

    @Override
    public void append(List<Batch> committed, List<Change> changes, byte[] memory, List<Taken> named)
            throws FeedLogException {
        beforeAppend.run();
        awaitRelease();
        fail(appendFailure);
        add(committed, changes, memory);
        taken.addAll(named);
        afterAppend.run();
    }

    @Override
    public void probe() throws FeedLogException {
        fail(appendFailure);
    }

    private void awaitRelease() {
        CountDownLatch latch = held;
        if (latch != null) {
            heldAppends.incrementAndGet();
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void fail(@Nullable Throwable failure) throws FeedLogException {
        if (failure instanceof FeedLogException checked) {
            throw checked;
        } else if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }

    private synchronized void add(List<Batch> committed, List<Change> added, byte[] memory) {
        memories.put(committed.get(committed.size() - 1).lastSeq(), memory);
        for (Batch batch : committed) {
            Batch last = last();
            if (batch.firstSeq() != (last == null ? 1 : last.lastSeq() + 1)) {
                throw new IllegalArgumentException(batch + " does not follow " + last);
            }
            batches.add(batch);
        }
        changes.add(added);
        long seq = committed.get(0).firstSeq();
        for (Change change : added) {
            if (change instanceof Change.Put put) {
                documents.put(put.name(), new Document(put.collection(), put.key(), seq, put.value()));
            } else {
                documents.remove(change.name());
            }
            seq++;
        }
        if (seq != committed.get(committed.size() - 1).lastSeq() + 1) {
            throw new IllegalArgumentException(committed + " with " + added.size() + " changes");
        }
    }

    @Override
    public List<Batch> read(long seq, int maxBytes) throws FeedLogException {
        reads.incrementAndGet();
        fail(readFailure);
        List<Batch> found = new ArrayList<>();
        long bytes = 0;
        for (Batch batch : batches()) {
            if (batch.lastSeq() > seq && bytes < maxBytes) {
                found.add(batch);
                bytes += batch.stored().length;
            }
        }
        return found;
    }

    @Override
    public synchronized Optional<Found> find(long seq, Selection selection, int maxBytes, long limit)
            throws FeedLogException {
        reads.incrementAndGet();
        fail(readFailure);
        if (batches.get(0).firstSeq() > seq + 1) {
            return Optional.empty();
        }
        List<Batch> found = new ArrayList<>();
        long bytes = 0;
        long last = seq;
        for (Batch batch : batches) {
            if (batch.lastSeq() > seq && batch.lastSeq() <= limit && bytes < Math.max(1, maxBytes)) {
                if (changes.concern(batch, seq, selection)) {
                    found.add(batch);
                    bytes += batch.stored().length;
                }
                last = batch.lastSeq();
            }
        }
        return Optional.of(new Found(found, last));
    }

    @Override
    public synchronized Optional<Changes> changes(long seq, Selection selection, int maxBytes, long limit)
            throws FeedLogException {
        Batch newest = last();
        long to = Math.min(limit, newest == null ? 0 : newest.lastSeq());
        reads.incrementAndGet();
        fail(readFailure);
        return changes.newest(seq, to, selection, maxBytes);
    }

    /** The number of the last change of a document that was appended. */
    synchronized long newestOf(DocumentName name) {
        return changes.newestOf(name);
    }

    @Override
    public synchronized long changesKnownAfter() {
        return changes.knownAfter();
    }

    @Override
    public Optional<StoredDocument> document(Collection collection, Key key) throws FeedLogException {
        return find(collection, key).map(found -> new StoredDocument(epochs.of(found.seq()), found.value()));
    }

    @Override
    public long seqOf(Collection collection, Key key) throws FeedLogException {
        return find(collection, key).map(Document::seq).orElse(0L);
    }

    private synchronized Optional<Document> find(Collection collection, Key key) throws FeedLogException {
        documentReads.incrementAndGet();
        var name = new DocumentName(collection, key);
        if (name.equals(unreadable)) {
            throw new FeedLogException("cannot read " + name);
        }
        return Optional.ofNullable(documents.get(name));
    }

    @Override
    public synchronized Snapshot snapshot(Selection selection) throws FeedLogException {
        Batch last = last();
        List<Document> now = documents.values().stream()
                .filter(document -> selection.includes(new DocumentName(document.collection(), document.key())))
                .toList();
        return snapshots.open(last == null ? 0 : last.lastSeq(), now);
    }

    @Override
    public synchronized void trim(Retention retention, long keepAfter) throws FeedLogException {
        fail(trimFailure);
        while (batches.size() > 1 && batches.get(0).lastSeq() <= keepAfter && isOver(batches.get(0), retention)) {
            removeOldest();
        }
    }

    private boolean isOver(Batch batch, Retention retention) {
        Batch newest = batches.get(batches.size() - 1);
        return newest.lastSeq() - batch.firstSeq() >= retention.updates()
                || newest.bytesAfter() - batch.bytesBefore() > retention.bytes();
    }

    @Override
    public void close() {}
}
