package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Filter;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.StoredDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders changes, commits them to the log in groups, and hands the committed batches to the hub.
 *
 * <pre>
 *  publish ─► queue ─► check, number, encode once ─► log.append (one fsync) ─► hub.append ─► settle publications ─► wake followers
 * </pre>
 *
 * <p>While one group commits, the next gathers in the queue: an idle feed commits single updates at once, a loaded one
 * large groups. {@link #publish} may be called from any thread; everything behind the queue runs as one task at a time on
 * the commit executor.
 */
public final class Feed {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private static final Precondition UNCONDITIONAL = Precondition.none();

    private final FeedLog feedLog;
    private final FeedSettings settings;
    private final Executor commits;
    private final Executor reads;
    private final Rounds rounds;
    private final Hub hub;
    private final ReadBudget readBudget;
    private final LogRuns logRuns;
    private final SnapshotCache snapshots;

    // Guarded by lock: held for a few instructions, never while anything blocks.
    private final Object lock = new Object();
    private final ArrayDeque<Publication> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** When the queue was empty last, or a batch was taken out of it: one look at the clock for all that gather since. */
    private long gatheringSinceNanos;

    private boolean committing;
    private boolean draining;
    private boolean abandoned;
    private List<Publication> underWay = List.of();
    private final Set<Wakeup> waitingForRoom = new HashSet<>();
    private final CompletableFuture<Long> drained = new CompletableFuture<>();

    // Used by the commit task only.
    private final CommitBuilder builder;
    private long bytesBefore;
    private final CommitObserver observer;

    private final AtomicLong committedUpdates = new AtomicLong();
    private volatile @Nullable String storeFailure;
    private final AtomicBoolean probing = new AtomicBoolean();
    private @Nullable String readFailure;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

    /** Those of them that are being served from the log, which is not trimmed under them. */
    private final Set<Subscription> readingLog = ConcurrentHashMap.newKeySet();

    /**
     * Continues the log where it ended.
     *
     * @param commits runs the commit task, which blocks; needs one thread that nothing else uses
     * @param reads runs reads of the log, of snapshots and of documents, which block
     * @param turns gives the followers their turns, in order
     * @param observer hears of each commit
     */
    public Feed(
            FeedLog feedLog,
            FeedSettings settings,
            EventEncoder encoder,
            Executor commits,
            Executor reads,
            Executor turns,
            CommitObserver observer) {
        this.feedLog = feedLog;
        this.settings = settings;
        this.commits = commits;
        this.observer = observer;
        this.reads = reads;
        builder = new CommitBuilder(encoder, settings.batchUpdates(), settings.batchBytes());
        readBudget = new ReadBudget(settings.readBytes());
        snapshots = new SnapshotCache(this::openSnapshot, encoder, settings.snapshotCacheBytes(), readBudget, reads);
        Batch last = feedLog.last();
        hub = new Hub(settings.ring(), last == null ? 0 : last.lastSeq());
        logRuns = new LogRuns(feedLog, hub, readBudget, reads);
        rounds = new Rounds(hub, turns, settings.roundPause());
        bytesBefore = last == null ? 0 : last.bytesAfter();
    }

    public Hub hub() {
        return hub;
    }

    /** Position of the last committed update. */
    public Position head() {
        return positionAt(hub.head());
    }

    /**
     * The position of who has seen everything up to {@code seq}, in the epoch that further updates will be in. A follower that
     * goes on counts from it, whichever epoch it came with.
     */
    public Position positionAt(long seq) {
        return new Position(feedLog.epochs().newest(), seq);
    }

    /** Updates committed since the start. */
    public long committedUpdates() {
        return committedUpdates.get();
    }

    /** What the store said when it last failed; null while it works. */
    public @Nullable String storeFailure() {
        String refusal = feedLog.refusal();
        return refusal == null ? storeFailure : refusal;
    }

    /**
     * Has a store that failed tried, if nobody else does: without it a server that gets no changes because it failed would
     * be thought to fail for ever.
     */
    public void probe() {
        if (storeFailure == null || isDraining() || !probing.compareAndSet(false, true)) {
            return;
        }
        // Behind the commit under way, on the one thread of both.
        commits.execute(() -> {
            try {
                feedLog.probe();
                storeWorks();
            } catch (FeedLogException | RuntimeException e) {
                storeFails(e);
            } finally {
                probing.set(false);
            }
        });
    }

    /** How it stands now. Looks at every cursor: for people and for metrics. */
    public FeedStatus status() {
        int queuedUpdates;
        long queued;
        synchronized (lock) {
            queuedUpdates = queue.size();
            queued = queuedBytes;
        }
        long head = hub.head();
        long farthest = head;
        for (Subscription subscription : subscriptions) {
            farthest = Math.min(farthest, subscription.taken());
        }
        Batch oldest = feedLog.oldest();
        Batch last = feedLog.last();
        long retainedUpdates = 0;
        long retainedBytes = 0;
        if (oldest != null && last != null) {
            retainedUpdates = last.lastSeq() - oldest.firstSeq() + 1;
            retainedBytes = last.bytesAfter() - oldest.bytesBefore();
        }
        return new FeedStatus(
                head,
                committedUpdates.get(),
                queuedUpdates,
                queued,
                subscriptions.size(),
                laggingCursors(),
                head - farthest,
                retainedUpdates,
                retainedBytes,
                feedLog.corruptions(),
                storeFailure());
    }

    /**
     * Puts a change in order, whatever the length of the queue: who publishes without end asks {@link #hasRoom} first.
     *
     * @param whenSettled runs once, on any thread, when the result is known; it must neither block nor throw
     */
    public Publication publish(Change change, Runnable whenSettled) {
        return publish(change, UNCONDITIONAL, whenSettled);
    }

    /**
     * Puts a change in order if its document is then as {@code precondition} asks; otherwise it is refused, and takes no
     * number. Of several changes that ask for the same position of a document, one is taken.
     */
    public Publication publish(Change change, Precondition precondition, Runnable whenSettled) {
        return queue(new Publication(change, precondition, whenSettled));
    }

    /** What a document may not be longer than, for whoever is refused one. */
    public String documentLimit() {
        return settings.maxDocumentBytes() + " bytes, which is tidegate.feed.max-document-bytes";
    }

    private boolean isTooLarge(Change change) {
        return change instanceof Change.Put put && put.value().length() > settings.maxDocumentBytes();
    }

    private Publication queue(Publication publication) {
        if (isTooLarge(publication.change())) {
            publication.refuse(Publication.Refusal.TOO_LARGE);
            return publication;
        }
        boolean refused;
        boolean start = false;
        synchronized (lock) {
            refused = draining;
            if (!refused) {
                if (queue.isEmpty()) {
                    gatheringSinceNanos = System.nanoTime();
                }
                publication.queuedSince(gatheringSinceNanos);
                queue.add(publication);
                queuedBytes += publication.change().weight();
                start = !committing;
                committing = true;
            }
        }
        if (refused) {
            publication.refuse(Publication.Refusal.DRAINING);
        }
        if (start) {
            commits.execute(this::commitAll);
        }
        return publication;
    }

    /** Whether the queue is below its limits. */
    public boolean hasRoom() {
        synchronized (lock) {
            return isBelowLimits();
        }
    }

    /** Signals when the queue is below its limits again; at once if it is now. */
    public void awaitRoom(Wakeup wakeup) {
        boolean roomNow;
        synchronized (lock) {
            roomNow = isBelowLimits();
            if (!roomNow) {
                waitingForRoom.add(wakeup);
            }
        }
        if (roomNow) {
            wakeup.signal();
        }
    }

    private boolean isBelowLimits() {
        return queue.size() < settings.queueUpdates() && queuedBytes < settings.queueBytes();
    }

    /**
     * Refuses further changes and commits those that were taken.
     *
     * @return the final head, when every publication is settled; the hub shows no more after that
     */
    public CompletionStage<Long> drain() {
        boolean idle;
        synchronized (lock) {
            draining = true;
            idle = !committing;
        }
        if (idle) {
            drained.complete(hub.head());
        }
        return drained;
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        synchronized (lock) {
            return draining;
        }
    }

    /** Whether {@link #drain} was called and every publication is settled. */
    public boolean isDrained() {
        return drained.isDone();
    }

    /**
     * Gives up on a commit that the store does not finish: the drain is over, the head stands, and whatever is not settled is
     * refused.
     *
     * <p>Nobody is sent those changes. They may turn out to be in the store at the next start, as it is with any change whose
     * outcome was not learnt.
     */
    public void abandon() {
        List<Publication> unsettled;
        List<Wakeup> room;
        synchronized (lock) {
            draining = true;
            abandoned = true;
            unsettled = new ArrayList<>(underWay);
            unsettled.addAll(queue);
            queue.clear();
            queuedBytes = 0;
            room = List.copyOf(waitingForRoom);
            waitingForRoom.clear();
            lock.notifyAll();
        }
        refuse(unsettled, Publication.Refusal.STORE_FAILED);
        room.forEach(Wakeup::signal);
        drained.complete(hub.head());
    }

    /** The commit task: ends when the queue is empty. */
    private void commitAll() {
        List<Wakeup> room = new ArrayList<>();
        for (List<Publication> group = takeGroup(room); !group.isEmpty(); group = takeGroup(room)) {
            room.forEach(Wakeup::signal);
            commit(group);
        }
    }

    /** Moves the next group out of the queue; if there is none, the task is over. */
    private List<Publication> takeGroup(List<Wakeup> room) {
        List<Publication> group = new ArrayList<>();
        room.clear();
        boolean nowDrained;
        synchronized (lock) {
            long bytes = 0;
            while (!queue.isEmpty() && group.size() < settings.commitUpdates() && bytes < settings.commitBytes()) {
                Publication publication = queue.remove();
                bytes += publication.change().weight();
                group.add(publication);
            }
            queuedBytes -= bytes;
            gatheringSinceNanos = System.nanoTime();
            if (!waitingForRoom.isEmpty() && isBelowLimits()) {
                room.addAll(waitingForRoom);
                waitingForRoom.clear();
            }
            underWay = group;
            committing = !group.isEmpty();
            lock.notifyAll();
            nowDrained = draining && !committing;
        }
        if (nowDrained) {
            drained.complete(hub.head());
        }
        return group;
    }

    private void commit(List<Publication> group) {
        long firstSeq = hub.head() + 1;
        try {
            List<Change> changes = order(group, firstSeq);
            if (changes.isEmpty()) {
                settle(group, firstSeq);
                return;
            }
            List<Batch> batches = builder.build(changes, firstSeq, bytesBefore, SteadyClock.PROCESS.millis());
            long begunNanos = System.nanoTime();
            feedLog.append(batches, changes);
            long storeNanos = System.nanoTime() - begunNanos;
            show(batches);
            settle(group, firstSeq);
            snapshots.headMoved();
            rounds.request();
            observer.committed(
                    batches, storeNanos, System.nanoTime() - group.get(0).queuedSinceNanos());
            storeWorks();
            trim();
        } catch (FeedLogException | RuntimeException | Error e) {
            // Whatever it is, memory that ran out included: the publishers wait for an answer, and the feed goes on.
            storeFails(e);
            boolean lasting = e instanceof FeedLogException failure && failure.isLasting();
            refuse(group, lasting ? Publication.Refusal.STORE_DAMAGED : Publication.Refusal.STORE_FAILED);
        }
    }

    /** The changes that take numbers: all but those whose precondition does not hold. */
    private List<Change> order(List<Publication> group, long firstSeq) {
        List<Change> changes = new ArrayList<>(group.size());
        var documents = new OrderedDocuments(feedLog, changes, firstSeq);
        for (Publication publication : group) {
            if (!publication.isConditional() || holds(publication, documents)) {
                changes.add(publication.change());
            }
        }
        return changes;
    }

    /** A document that cannot be read fails the changes that ask for it, and no others. */
    private boolean holds(Publication publication, OrderedDocuments documents) {
        try {
            return publication.check(documents.position(publication.change().name()));
        } catch (FeedLogException e) {
            readFails(e);
            publication.checkFailed(e.isLasting());
            return false;
        }
    }

    /** From here on its changes are accepted, unless the feed was abandoned: whoever comes first under the lock decides. */
    private void show(List<Batch> batches) throws FeedLogException {
        synchronized (lock) {
            if (abandoned) {
                throw new FeedLogException("the drain has given up on a commit that did not end in time");
            }
            batches.forEach(hub::append);
            underWay = List.of();
            lock.notifyAll();
        }
        Batch newest = batches.get(batches.size() - 1);
        committedUpdates.addAndGet(newest.lastSeq() + 1 - batches.get(0).firstSeq());
        bytesBefore = newest.bytesAfter();
    }

    private static void refuse(List<Publication> group, Publication.Refusal why) {
        for (Publication publication : group) {
            publication.refuse(why);
        }
    }

    /**
     * Those that were left out, too, learn it only now: it may be because of a change of their own group, which counts once
     * it is durable.
     */
    private static void settle(List<Publication> group, long firstSeq) {
        long seq = firstSeq;
        for (Publication publication : group) {
            Publication.Refusal verdict = publication.verdict();
            if (verdict == null) {
                publication.accept(seq++);
            } else {
                publication.refuse(verdict);
            }
        }
    }

    /** No reason to call the store one that fails: whatever asks for nothing of it is committed. */
    private void readFails(FeedLogException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(readFailure)) {
            log.error("A condition cannot be checked: {}", message);
        }
        readFailure = message;
        observer.failed();
    }

    private void storeFails(Throwable e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(storeFailure)) {
            // Once for each kind of failure: a full disk fails every commit until there is space.
            log.error("Store failed, changes are refused: {}", message, e instanceof FeedLogException ? null : e);
        }
        storeFailure = message;
        observer.failed();
    }

    private void storeWorks() {
        if (storeFailure != null) {
            storeFailure = null;
            log.info("Store works again");
        }
    }

    private void trim() throws FeedLogException {
        long servedFrom = Long.MAX_VALUE;
        for (Subscription subscription : readingLog) {
            servedFrom = Math.min(servedFrom, subscription.servedFrom());
        }
        feedLog.trim(settings.retention(), servedFrom);
        if (servedFrom != Long.MAX_VALUE) {
            // A cursor that lags by twice the retention has to start anew: one client cannot fill the disk.
            feedLog.trim(settings.retention().doubled(), Long.MAX_VALUE);
        }
    }

    /**
     * Starts a cursor after {@code position}.
     *
     * @param wakeup signalled when {@link Subscription#poll} may have something new
     * @return null if the log cannot serve that position: of an epoch that it does not know or has not seen so
     *     much of, or trimmed
     */
    public @Nullable Subscription subscribe(Position position, Filter filter, Wakeup wakeup) {
        return isServable(position) ? subscribeAfter(position.seq(), filter, wakeup) : null;
    }

    /** Starts a cursor at the head or at the sequence number of a snapshot that was just read. */
    public Subscription subscribeAfter(long seq, Filter filter, Wakeup wakeup) {
        var subscription = new Subscription(this, seq, filter, wakeup);
        subscriptions.add(subscription);
        return subscription;
    }

    void ended(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    /** Whether the log holds what comes after that position. */
    public boolean isServable(Position position) {
        if (!feedLog.epochs().include(position, hub.head())) {
            return false;
        }
        Batch oldest = feedLog.oldest();
        return position.seq() == hub.head() || (oldest != null && position.seq() >= oldest.firstSeq() - 1);
    }

    /**
     * Starts reading a snapshot, which has all that was committed until now.
     *
     * @param chunkBytes about how many bytes are handed out at once, at most
     */
    public SnapshotReader readSnapshot(Filter filter, int chunkBytes, Wakeup wakeup) {
        return new SnapshotReader(snapshots.join(filter, hub.head()), chunkBytes, wakeup);
    }

    /** Blocks while the snapshot has changes of the commit under way, of which nobody knows yet whether they are accepted. */
    private Snapshot openSnapshot(Filter filter) throws FeedLogException {
        Snapshot snapshot = feedLog.snapshot(filter);
        if (isShown(snapshot.seq())) {
            return snapshot;
        }
        snapshot.close();
        throw new FeedLogException(
                "the store has changes that nobody was sent: restart the server to go on from there");
    }

    private boolean isShown(long seq) {
        synchronized (lock) {
            try {
                while (hub.head() < seq && !underWay.isEmpty() && !abandoned) {
                    lock.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return hub.head() >= seq;
        }
    }

    /**
     * Reads one document; it has all that was committed until now.
     *
     * <p>Reads wait for a thread in a queue without a limit: the caller sees to it that it has few under way.
     *
     * @return empty if there is no such document; fails with {@link FeedLogException} if the store does
     */
    public CompletionStage<Optional<StoredDocument>> read(Collection collection, Key key) {
        return BlockingRead.start(reads, () -> feedLog.document(collection, key));
    }

    /**
     * What a lagging cursor is sent next; empty if the log does not hold it any more.
     *
     * @param maxBytes the run is at most one batch longer
     * @param end the last sequence number of a batch; nothing after it is included
     */
    CompletableFuture<Optional<Run>> readLog(long afterSeq, Filter filter, int maxBytes, long end) {
        return logRuns.read(afterSeq, filter, Math.min(maxBytes, settings.catchUpBytes()), end);
    }

    /**
     * How much a follower should be sent at once.
     *
     * @param most what it would like; when many do not take what they were sent, it is less
     */
    public int pieceBytes(int most) {
        return readBudget.share(most);
    }

    /** A follower holds a piece that its client does not take, until {@link #stopHolding}. */
    public void startHolding() {
        readBudget.enter();
    }

    public void stopHolding() {
        readBudget.leave();
    }

    /** From now on the cursor is served from the log, which is not trimmed under it. */
    void startLagging(Subscription subscription) {
        readingLog.add(subscription);
        readBudget.enter();
    }

    /** How many followers are behind, see {@link Subscription#isLagging}. Looks at every cursor. */
    public int laggingCursors() {
        long now = SteadyClock.PROCESS.millis();
        return (int) subscriptions.stream()
                .filter(subscription -> subscription.isLagging(now))
                .count();
    }

    void stopLagging(Subscription subscription) {
        readingLog.remove(subscription);
        readBudget.leave();
        if (readingLog.isEmpty()) {
            logRuns.forget();
        }
    }
}
