package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Filter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A cursor: one follower's place in the feed.
 *
 * <p>Live, resume, slow consumer and snapshot-then-updates are all this: the cursor reads the ring while its position is in
 * it and the log when it is older. A follower that does not poll costs nothing and loses nothing.
 *
 * <p>Used by one thread at a time, the follower's.
 */
public final class Subscription {

    private final Feed feed;
    private final Hub hub;
    private final Filter filter;
    private final Wakeup wakeup;

    private long seq;
    private long end = Long.MAX_VALUE;
    private final ArrayDeque<Batch> fromLog = new ArrayDeque<>(0);
    private @Nullable CompletableFuture<List<Batch>> logRead;
    private boolean lagging;
    private boolean lost;

    /** Read by the feed's thread when it trims. */
    private volatile long servedFrom;

    Subscription(Feed feed, long seq, Filter filter, Wakeup wakeup) {
        this.feed = feed;
        this.hub = feed.hub();
        this.seq = seq;
        this.filter = filter;
        this.wakeup = wakeup;
    }

    public Filter filter() {
        return filter;
    }

    /** The last sequence number that was handed out or skipped by the filter. */
    public long seq() {
        return seq;
    }

    /** True when the log no longer holds what comes next: the follower has to start from a new snapshot. */
    public boolean isLost() {
        return lost;
    }

    /** Hands out nothing after {@code lastSeq}: the head of the hub, or where the cursor is. */
    public void endAt(long lastSeq) {
        end = Math.min(end, lastSeq);
    }

    /** True when everything up to the end was handed out. */
    public boolean isAtEnd() {
        return seq >= end;
    }

    /** Whether everything that is committed was handed out. */
    public boolean isLive() {
        return seq == hub.head();
    }

    /**
     * The next event lines.
     *
     * @param maxBytes stop after the batch that reaches this many, or earlier
     * @return null if there is nothing now; the wakeup is signalled when that may have changed
     * @throws FeedLogException if the log cannot be read; the subscription is over
     */
    public @Nullable ByteString poll(int maxBytes) throws FeedLogException {
        ByteString lines = ByteString.emptyByteString();
        while (lines.isEmpty() && seq < end) {
            ByteString next = isCatchingUp() ? fromLog(maxBytes) : fromRing(maxBytes);
            if (next == null) {
                return null;
            }
            lines = next;
        }
        return lines.isEmpty() ? null : lines;
    }

    private boolean isCatchingUp() {
        return logRead != null || !fromLog.isEmpty();
    }

    private @Nullable ByteString fromRing(int maxBytes) {
        if (hub.head() <= seq) {
            stopLagging();
            hub.park(wakeup, seq);
            return null;
        }
        Run run = hub.run(seq, filter, maxBytes, end);
        if (run == null) {
            startLogRead();
            return null;
        }
        stopLagging();
        seq = run.last();
        return run.lines();
    }

    private @Nullable ByteString fromLog(int maxBytes) throws FeedLogException {
        if (fromLog.isEmpty() && logRead != null && !takeFinishedRead(logRead)) {
            return null;
        }
        ByteString lines = ByteString.emptyByteString();
        while (lines.size() < maxBytes && seq < end && !fromLog.isEmpty()) {
            Batch batch = fromLog.remove();
            lines = lines.concat(batch.linesAfter(seq, filter));
            seq = batch.lastSeq();
        }
        return lines;
    }

    private void startLogRead() {
        servedFrom = seq;
        if (!lagging) {
            lagging = true;
            feed.startLagging(this);
        }
        CompletableFuture<List<Batch>> read = feed.readLog(seq);
        logRead = read;
        var unused = read.whenComplete((batches, failure) -> wakeup.signal());
    }

    /** False if the read is not finished, or the log no longer has what comes next. */
    private boolean takeFinishedRead(CompletableFuture<List<Batch>> read) throws FeedLogException {
        if (!read.isDone()) {
            return false;
        }
        logRead = null;
        List<Batch> batches = BlockingRead.result(read);
        if (batches.isEmpty() || batches.get(0).firstSeq() > seq + 1) {
            lost = true;
            end = seq;
            return false;
        }
        fromLog.addAll(batches);
        return true;
    }

    private void stopLagging() {
        if (lagging) {
            lagging = false;
            feed.stopLagging(this);
        }
    }

    /** Where the feed must not trim from. */
    long servedFrom() {
        return servedFrom;
    }

    /** Ends it, and forgets it everywhere: a lagging cursor holds up the trimming of the log. */
    public void close() {
        hub.leave(wakeup);
        end = seq;
        fromLog.clear();
        stopLagging();
    }
}
