package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The feed: changes go in, and any number of followers see them, all in the same order.
 *
 * <pre>
 *  publish ─► {@link Order} ─► {@link Committer} ─► {@link FeedLog}, {@link Hub} ─► {@link Subscription}, {@link SnapshotReader}
 * </pre>
 *
 * <p>{@link #publish} may be called from any thread; everything behind the order runs on the commit executor.
 */
public final class Feed {

    /** For so many updates it is known which ids were taken. All nodes of a feed have to say the same: it is no setting. */
    public static final long REMEMBERED_UPDATES = 1_000_000;

    private final FeedLog feedLog;
    private final FeedSettings settings;
    private final Executor commits;
    private final Executor reads;
    private final Order order;
    private final Hub hub;
    private final Committer committer;
    private final Cursors cursors;
    private final ReadBudget readBudget;
    private final SnapshotCache snapshots;
    private final Barrier barrier;
    private final Compaction compaction;
    private final CollectionCounts counts;
    private volatile boolean draining;
    private final CompletableFuture<Long> drained = new CompletableFuture<>();

    /**
     * A feed whose changes are put in order here. It continues the log where it ended.
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
            Turns turns,
            CommitObserver observer) {
        this(orderOfOne(settings, commits), feedLog, settings, encoder, commits, reads, turns, observer);
    }

    /**
     * The order of one node alone.
     *
     * @param commits runs the commit task, which blocks; needs one thread that nothing else uses
     */
    public static Order orderOfOne(FeedSettings settings, Executor commits) {
        return new LocalOrder(settings, commits);
    }

    /**
     * A feed whose changes are put in order by {@code order}.
     *
     * @param commits where the order hands its groups over
     */
    public Feed(
            Order order,
            FeedLog feedLog,
            FeedSettings settings,
            EventEncoder encoder,
            Executor commits,
            Executor reads,
            Turns turns,
            CommitObserver observer) {
        this.order = order;
        this.feedLog = feedLog;
        this.settings = settings;
        this.commits = commits;
        this.reads = reads;
        compaction = new Compaction(feedLog);
        counts = new CollectionCounts(reads, selection -> () -> openSnapshot(selection));
        Batch last = feedLog.last();
        hub = new Hub(settings.ring(), last == null ? 0 : last.lastSeq());
        readBudget = new ReadBudget(settings.readBytes());
        snapshots = new SnapshotCache(this::openSnapshot, encoder, settings.snapshotCacheBytes(), readBudget, reads);
        cursors = new Cursors(feedLog, hub, settings, encoder, readBudget, reads);
        var rounds = new Rounds(hub, turns, settings.roundPause());
        var builder = new Batch.Builder(encoder, settings.batchUpdates(), settings.batchBytes());
        barrier = new Barrier(hub, turns, settings.futureWait());
        Runnable tellFollowers = () -> {
            snapshots.headMoved();
            barrier.headMoved();
            rounds.request();
        };
        committer = new Committer(
                feedLog, hub, builder, cursors, tellFollowers, turns, order::isIdle, observer, order.isShared());
        order.start(feedLog.orderState(), committer);
    }

    public Hub hub() {
        return hub;
    }

    /** Position of the last committed update. */
    public Position head() {
        return positionAt(hub.head());
    }

    /** Whether that position is in the history of this feed. */
    public boolean hasCome(Position position) {
        return feedLog.epochs().include(position, hub.head());
    }

    /** Whether that position is ahead of the head, and may still come. */
    public boolean mayCome(Position position) {
        return feedLog.epochs().mayCome(position, hub.head());
    }

    /**
     * The position of who has seen everything up to {@code seq}, in the epoch that further updates will be in. A follower that
     * goes on counts from it, whichever epoch it came with.
     */
    public Position positionAt(long seq) {
        return new Position(feedLog.epochs().newest(), seq);
    }

    /** The position of an update, in the epoch that gave the number, as that of its document. */
    public Position positionOf(long seq) {
        return feedLog.epochs().of(seq);
    }

    /** Updates committed since the start. */
    public long committedUpdates() {
        return committer.committedUpdates();
    }

    /** What the store said when it last failed; null while it works. */
    public @Nullable String storeFailure() {
        String refusal = feedLog.refusal();
        return refusal == null ? committer.health().failure() : refusal;
    }

    /** Why what is published on other nodes does not come here, or comes late; null if all is well, or there are none. */
    public @Nullable String trouble() {
        return order.trouble();
    }

    /**
     * Has a store that failed tried, if nobody else does: without it a server that gets no changes because it failed would
     * be thought to fail for ever.
     */
    public void probe() {
        if (!isDraining()) {
            committer.probe(commits);
        }
    }

    /** How it stands now. Looks at every cursor: for people and for metrics. */
    public FeedStatus status() {
        Order.Backlog backlog = order.backlog();
        Batch oldest = feedLog.oldest();
        Batch last = feedLog.last();
        long retainedUpdates = 0;
        long retainedBytes = 0;
        if (oldest != null && last != null) {
            retainedUpdates = last.lastSeq() - oldest.firstSeq() + 1;
            retainedBytes = last.bytesAfter() - oldest.bytesBefore();
        }
        return new FeedStatus(
                hub.head(),
                committedUpdates(),
                backlog.updates(),
                backlog.bytes(),
                cursors.count(),
                cursors.lagging(),
                cursors.largestLag(),
                retainedUpdates,
                retainedBytes,
                feedLog.corruptions(),
                storeFailure());
    }

    /**
     * Puts a change in order, whatever waits already: who publishes without end asks {@link #hasRoom} first.
     *
     * @param whenSettled runs once, on any thread, when the result is known; it must neither block nor throw
     */
    public Publication publish(Change change, Runnable whenSettled) {
        return publish(change, Precondition.none(), whenSettled);
    }

    /**
     * Puts a change in order if its document is then as {@code precondition} asks; otherwise it is refused, and takes no
     * number. Of several changes that ask for the same position of a document, one is taken.
     */
    public Publication publish(Change change, Precondition precondition, Runnable whenSettled) {
        return publish(change, precondition, null, whenSettled);
    }

    /**
     * Puts a change in order unless it was taken before: of all with the same id for the same document one takes effect, and the others
     * are accepted with its number. It is remembered for {@value #REMEMBERED_UPDATES} updates.
     *
     * @param id null: it takes effect in any case
     */
    public Publication publish(
            Change change, Precondition precondition, @Nullable PublicationId id, Runnable whenSettled) {
        var publication = new Publication(change, precondition, id, whenSettled);
        if (isTooLarge(change)) {
            publication.refuse(Publication.Refusal.TOO_LARGE);
        } else {
            order.offer(publication);
        }
        return publication;
    }

    /** What a document may not be longer than, for whoever is refused one. */
    public String documentLimit() {
        return settings.maxDocumentBytes() + " bytes, which is tidegate.feed.max-document-bytes";
    }

    private boolean isTooLarge(Change change) {
        return change instanceof Change.Put put && put.value().length() > settings.maxDocumentBytes();
    }

    /** Whether what waits to be committed is below its limits. */
    public boolean hasRoom() {
        return order.hasRoom();
    }

    /** Signals when there is room again; at once if there is now. */
    public void awaitRoom(Wakeup wakeup) {
        order.awaitRoom(wakeup);
    }

    /** Whoever waits for room with this wakeup has gone: it is not signalled any more, and not held. */
    public void leaveRoom(Wakeup wakeup) {
        order.leave(wakeup);
    }

    /**
     * Refuses further changes and commits those that were taken.
     *
     * @return the final head, when every publication is settled; the hub shows no more after that
     */
    public CompletionStage<Long> drain() {
        draining = true;
        barrier.end();
        var unused = order.drain().thenRun(() -> drained.complete(hub.head()));
        return drained;
    }

    /** Whether {@link #drain} or {@link #abandon} was called. */
    public boolean isDraining() {
        return draining;
    }

    /** The final head, when {@link #drain} or {@link #abandon} is over. */
    public CompletionStage<Long> drained() {
        return drained;
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
        draining = true;
        barrier.end();
        order.abandon();
        committer.abandon();
        drained.complete(hub.head());
    }

    /**
     * Starts a cursor after {@code position}.
     *
     * @param wakeup signalled when {@link Subscription#poll} may have something new
     * @return null if the log cannot serve that position: of an epoch that it does not know or has not seen so
     *     much of, or trimmed
     */
    public @Nullable Subscription subscribe(Position position, Selection selection, Steps steps, Wakeup wakeup) {
        return isServable(position, steps) ? subscribeAfter(position.seq(), selection, steps, wakeup) : null;
    }

    /** Starts a cursor at the head or at the sequence number of a snapshot that was just read. */
    public Subscription subscribeAfter(long seq, Selection selection, Steps steps, Wakeup wakeup) {
        return cursors.open(seq, selection, steps, wakeup);
    }

    /** Whether a cursor can start after that position. */
    public boolean isServable(Position position, Steps steps) {
        if (!feedLog.epochs().include(position, hub.head())) {
            return false;
        }
        if (steps != Steps.EVERY && position.seq() >= feedLog.changesKnownAfter()) {
            return true;
        }
        Batch oldest = feedLog.oldest();
        return position.seq() == hub.head() || (oldest != null && position.seq() >= oldest.firstSeq() - 1);
    }

    /**
     * Waits for a position that another server of this feed may have told already, for {@code feed.future-wait} at most.
     *
     * @return whether it is in the history of this feed: at once if it is, or cannot come any more; otherwise on the thread of a
     *     turn. Who cancels it is forgotten
     */
    public CompletableFuture<Boolean> awaitPosition(Position position) {
        Epochs epochs = feedLog.epochs();
        long head = hub.head();
        return epochs.mayCome(position, head)
                ? arrivalOf(position)
                : CompletableFuture.completedFuture(epochs.include(position, head));
    }

    private CompletableFuture<Boolean> arrivalOf(Position position) {
        CompletableFuture<Boolean> arrival = barrier.await(position.seq(), System.nanoTime());
        // Another epoch may have given its number to something else.
        CompletableFuture<Boolean> there =
                arrival.thenApply(came -> came && feedLog.epochs().include(position, hub.head()));
        var unused = there.whenComplete((isThere, cancelled) -> arrival.cancel(false));
        return there;
    }

    /**
     * Lets those go on who have waited for a position, or to be put in order, for long enough; to be called every now and then.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    public void endWaits(long nowNanos) {
        barrier.look(nowNanos);
        order.look(nowNanos);
    }

    /**
     * Starts reading a snapshot, which has all that was committed until now.
     *
     * @param chunkBytes about how many bytes are handed out at once, at most
     */
    public SnapshotReader readSnapshot(Selection selection, int chunkBytes, Wakeup wakeup) {
        return readSnapshot(selection, Stretch.ALL, chunkBytes, wakeup);
    }

    /** The same of a stretch of the documents. */
    public SnapshotReader readSnapshot(Selection selection, Stretch stretch, int chunkBytes, Wakeup wakeup) {
        return new SnapshotReader(snapshots.join(selection, hub.head()), stretch, chunkBytes, wakeup);
    }

    /** Blocks while the snapshot has changes of the commit under way, of which nobody knows yet whether they are accepted. */
    private Snapshot openSnapshot(Selection selection) throws FeedLogException {
        Snapshot snapshot = feedLog.snapshot(selection);
        if (committer.awaitShown(snapshot.seq())) {
            return snapshot;
        }
        snapshot.close();
        throw new FeedLogException(
                "the store has changes that nobody was sent: restart the server to go on from there");
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
     * Counts the documents of each collection, which reads all of them.
     *
     * @return fails with {@link FeedLogException} if the store does; to be cancelled if nobody waits for it any more
     */
    public CompletableFuture<CollectionSizes> collections(Selection selection) {
        return counts.count(selection);
    }

    /** Has the store write its files anew, and give back the room of what was deleted. Takes its time; the feed goes on. */
    public CompletionStage<FeedLog.Compacted> compact() {
        return compaction.begin();
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

    /** How many followers are behind, see {@link Subscription#isLagging}. Looks at every cursor. */
    public int laggingCursors() {
        return cursors.lagging();
    }
}
