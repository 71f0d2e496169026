package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.feed.Publication.Refusal;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Commits what was put in order.
 *
 * <pre>
 *  group ─► check, number, encode once ─► log.append (one fsync) ─► hub.append ─► settle publications ─► wake followers
 * </pre>
 *
 * <p>Groups come one at a time. The other methods are for any thread.
 */
final class Committer implements Order.Sink {

    /** What a lone update has at most. To hand out more takes longer than what is published meanwhile should wait. */
    private static final int FEW_BYTES = 16 * 1024;

    private final FeedLog feedLog;
    private final Hub hub;
    private final Batch.Builder builder;
    private final Cursors cursors;
    private final Runnable whenSettled;
    private final Turns turns;
    private final BooleanSupplier isIdle;
    private final CommitObserver observer;
    private final StoreHealth health;
    private final boolean isShared;

    // Guarded by lock: held for a few instructions, never while anything blocks.
    private final Object lock = new Object();
    private List<? extends Ordered> underWay = List.of();
    private boolean abandoned;

    /** Used by the commit task only. */
    private long bytesBefore;

    private final AtomicLong committedUpdates = new AtomicLong();
    private final AtomicBoolean probing = new AtomicBoolean();

    /**
     * Continues the log where it ended.
     *
     * @param cursors for which the log is not trimmed
     * @param whenSettled runs after each commit, when its publications are settled
     * @param turns gives those their turns who are woken by it
     * @param isIdle whether nothing waits to be committed
     * @param observer hears of each commit
     * @param isShared whether other nodes commit the same, see {@link Order#isShared}
     */
    Committer(
            FeedLog feedLog,
            Hub hub,
            Batch.Builder builder,
            Cursors cursors,
            Runnable whenSettled,
            Turns turns,
            BooleanSupplier isIdle,
            CommitObserver observer,
            boolean isShared) {
        this.isShared = isShared;
        this.feedLog = feedLog;
        this.hub = hub;
        this.builder = builder;
        this.cursors = cursors;
        this.whenSettled = whenSettled;
        this.turns = turns;
        this.isIdle = isIdle;
        this.observer = observer;
        health = new StoreHealth(observer);
        Batch last = feedLog.last();
        bytesBefore = last == null ? 0 : last.bytesAfter();
    }

    /** Updates committed since the start. */
    long committedUpdates() {
        return committedUpdates.get();
    }

    StoreHealth health() {
        return health;
    }

    /** Sees whether a store that failed can be written, unless somebody does: behind the commit under way, on the one thread of both. */
    void probe(Executor commits) {
        if (health.failure() == null || !probing.compareAndSet(false, true)) {
            return;
        }
        commits.execute(() -> {
            try {
                probe();
            } finally {
                probing.set(false);
            }
        });
    }

    private void probe() {
        try {
            feedLog.probe();
            health.works();
        } catch (FeedLogException | RuntimeException e) {
            health.fails(e);
        }
    }

    @Override
    public void begin(List<? extends Ordered> group) {
        setUnderWay(group);
    }

    private void setUnderWay(List<? extends Ordered> group) {
        synchronized (lock) {
            underWay = group;
            lock.notifyAll();
        }
    }

    @Override
    public @Nullable Refusal commit(List<? extends Ordered> group, OrderState after, long atMillis) {
        long headBefore = hub.head();
        try {
            requireShown(headBefore);
            var numbering = Numbering.of(group, headBefore + 1, feedLog, isShared ? null : health);
            if (numbering.changes().isEmpty()) {
                rememberThat(after);
                numbering.settle();
            } else {
                commit(group, numbering, after, atMillis);
            }
            return null;
        } catch (FeedLogException | RuntimeException | Error e) {
            // Whatever it is, memory that ran out included: the publishers wait for an answer, and the feed goes on.
            health.fails(e);
            boolean lasting = e instanceof FeedLogException failure && failure.isLasting();
            // What fails once it is shown, such as trimming, comes too late to undo it.
            return hub.head() > headBefore ? null : lasting ? Refusal.STORE_DAMAGED : Refusal.STORE_FAILED;
        } finally {
            setUnderWay(List.of());
        }
    }

    @Override
    public boolean beginEpoch(String name, OrderState after) {
        try {
            requireShown(hub.head());
            if (!feedLog.epochs().has(name)) {
                feedLog.beginEpoch(name, after.memory());
            }
            health.works();
            return true;
        } catch (FeedLogException | RuntimeException | Error e) {
            health.fails(e);
            return false;
        }
    }

    /** That it was decided about: an order that is shared goes on behind it, and does not ask for it again. */
    private void rememberThat(OrderState after) throws FeedLogException {
        if (after.memory().length > 0) {
            feedLog.remember(after.memory());
        }
    }

    /** A group that is handed over again would find its own effects, if the store has them although it has not said so. */
    private void requireShown(long head) throws FeedLogException {
        Batch last = feedLog.last();
        if (isShared && (last == null ? 0 : last.lastSeq()) != head) {
            throw new FeedLogException(
                    "the store has changes that nobody was sent: restart the server to go on from there");
        }
    }

    private void commit(List<? extends Ordered> group, Numbering numbering, OrderState after, long atMillis)
            throws FeedLogException {
        List<Change> changes = numbering.changes();
        long bytesBegun = bytesBefore;
        List<Batch> batches = builder.buildAll(changes, numbering.firstSeq(), after.offset(), bytesBefore, atMillis);
        long begunNanos = System.nanoTime();
        feedLog.append(batches, changes, after.memory(), numbering.taken());
        long storeNanos = System.nanoTime() - begunNanos;
        show(batches, changes);
        turns.wake(
                () -> {
                    numbering.settle();
                    whenSettled.run();
                    observer.committed(batches, storeNanos, System.nanoTime() - offeredAtNanos(group, begunNanos));
                    health.works();
                },
                bytesBefore - bytesBegun <= FEW_BYTES ? isIdle : () -> false);
        cursors.trimLog();
    }

    /** The first that was published here has waited longest. */
    private static long offeredAtNanos(List<? extends Ordered> group, long otherwise) {
        for (Ordered ordered : group) {
            Publication own = ordered.own();
            if (own != null) {
                return own.offeredAtNanos();
            }
        }
        return otherwise;
    }

    /** From here on its changes are accepted, unless the feed was abandoned: whoever comes first under the lock decides. */
    private void show(List<Batch> batches, List<Change> changes) throws FeedLogException {
        synchronized (lock) {
            if (abandoned) {
                throw new FeedLogException("the drain has given up on a commit that did not end in time");
            }
            hub.commit(batches, changes);
            underWay = List.of();
            lock.notifyAll();
        }
        Batch newest = batches.get(batches.size() - 1);
        committedUpdates.addAndGet(newest.lastSeq() + 1 - batches.get(0).firstSeq());
        bytesBefore = newest.bytesAfter();
    }

    private static void refuse(List<? extends Ordered> group, Refusal why) {
        for (Ordered ordered : group) {
            Publication own = ordered.own();
            if (own != null) {
                own.refuse(why);
            }
        }
    }

    /**
     * Gives up on the group under way: unless it is shown already, it never is. What was published here is refused, though the store may
     * turn out to have it.
     */
    void abandon() {
        List<? extends Ordered> unsettled;
        synchronized (lock) {
            abandoned = true;
            unsettled = underWay;
            lock.notifyAll();
        }
        refuse(unsettled, isShared ? Refusal.UNKNOWN : Refusal.STORE_FAILED);
    }

    /**
     * Blocks while the commit that has that number is under way: nobody knows yet whether it is accepted.
     *
     * @return whether everything up to there is shown
     */
    boolean awaitShown(long seq) {
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
}
