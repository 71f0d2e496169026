package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The places of all followers in the feed, and what of the log is kept for them. Thread-safe. */
final class Cursors {

    private final FeedLog feedLog;
    private final Hub hub;
    private final FeedSettings settings;
    private final ReadBudget readBudget;
    private final SharedReads logReads;
    private final SharedReads changeReads;
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();

    /** Those of them that are being served from the log, which is not trimmed under them. */
    private final Set<Subscription> readingLog = ConcurrentHashMap.newKeySet();

    /** How many read the store, these included. */
    private final AtomicInteger readers = new AtomicInteger();

    /**
     * The cursors of one feed.
     *
     * @param encoder writes documents that changed
     * @param reads runs reads of the store, which block
     */
    Cursors(
            FeedLog feedLog,
            Hub hub,
            FeedSettings settings,
            EventEncoder encoder,
            ReadBudget readBudget,
            Executor reads) {
        this.feedLog = feedLog;
        this.hub = hub;
        this.settings = settings;
        this.readBudget = readBudget;
        logReads = new SharedReads(new LogRuns(feedLog), hub, readBudget, reads);
        changeReads = new SharedReads(new ChangedRuns(feedLog, encoder, hub), hub, readBudget, reads);
    }

    Subscription open(long afterSeq, Selection selection, Steps steps, Wakeup wakeup) {
        var subscription = new Subscription(this, hub, afterSeq, selection, steps, wakeup);
        open.add(subscription);
        return subscription;
    }

    void ended(Subscription subscription) {
        open.remove(subscription);
    }

    /** How many there are. */
    int count() {
        return open.size();
    }

    /** How many followers are behind, see {@link Subscription#isLagging}. Looks at every cursor. */
    int lagging() {
        long now = SteadyClock.PROCESS.millis();
        return (int) open.stream()
                .filter(subscription -> subscription.isLagging(now))
                .count();
    }

    /** Committed updates that the client of the farthest cursor has not been given yet. Looks at every cursor. */
    long largestLag() {
        long head = hub.head();
        long farthest = head;
        for (Subscription subscription : open) {
            farthest = Math.min(farthest, subscription.taken());
        }
        return head - farthest;
    }

    // ---- those that are served from the store

    /** It holds what it was read until {@link #stopReading}. */
    void startReading() {
        readers.incrementAndGet();
        readBudget.enter();
    }

    void stopReading(Subscription subscription) {
        letLogGo(subscription);
        readBudget.leave();
        if (readers.decrementAndGet() == 0) {
            logReads.forget();
            changeReads.forget();
        }
    }

    /** From now on the log is not trimmed under it. */
    void keepLogFor(Subscription subscription) {
        readingLog.add(subscription);
    }

    void letLogGo(Subscription subscription) {
        readingLog.remove(subscription);
    }

    /**
     * What such a cursor is sent next; empty if the log does not hold it any more.
     *
     * @param maxBytes the run is at most one batch longer
     * @param end the last sequence number of a batch; nothing after it is included
     */
    CompletableFuture<Optional<Run>> readLog(long afterSeq, Selection selection, int maxBytes, long end) {
        return logReads.read(afterSeq, selection, Math.min(maxBytes, settings.catchUpBytes()), end);
    }

    /**
     * What changed, each document once; empty if that is not known any more.
     *
     * @param maxBytes the run is at most one document longer
     * @param end nothing after this number is included
     */
    CompletableFuture<Optional<Run>> readChanges(long afterSeq, Selection selection, int maxBytes, long end) {
        return changeReads.read(afterSeq, selection, Math.min(maxBytes, settings.catchUpBytes()), end);
    }

    boolean knowsChangesAfter(long seq) {
        return seq >= feedLog.changesKnownAfter();
    }

    /** The log holds every step after this number. */
    long stepsKnownAfter() {
        Batch oldest = feedLog.oldest();
        return oldest == null ? 0 : oldest.firstSeq() - 1;
    }

    /** Drops what the retention does not ask for and nobody is being served from. By the commit task. */
    void trimLog() throws FeedLogException {
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
}
