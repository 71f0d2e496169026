package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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

    /** A follower that waits for longer than this for an update is behind; a live one waits for some milliseconds. */
    private static final long LAGGING_AFTER_MILLIS = 1000;

    private static final AtomicLongFieldUpdater<Subscription> SEQ =
            AtomicLongFieldUpdater.newUpdater(Subscription.class, "seq");
    private static final AtomicLongFieldUpdater<Subscription> TAKEN =
            AtomicLongFieldUpdater.newUpdater(Subscription.class, "taken");

    private final Cursors cursors;
    private final Hub hub;
    private final Steps steps;
    private Selection selection;
    private final Wakeup wakeup;

    /** Written by the follower's thread, lazily, which costs no more than a plain write; {@link Feed#status} looks at it. */
    private volatile long seq;

    /** As far as {@code seq} was when the follower last came for more: what it was handed before that, it has passed on. */
    private volatile long taken;

    private long end = Long.MAX_VALUE;
    private long hold = Long.MAX_VALUE;
    private @Nullable CompletableFuture<Optional<Run>> logRead;
    private boolean lagging;
    private boolean lost;

    /** Read by the commit task when it trims. */
    private volatile long servedFrom;

    Subscription(Cursors cursors, Hub hub, long seq, Selection selection, Steps steps, Wakeup wakeup) {
        this.cursors = cursors;
        this.hub = hub;
        this.seq = seq;
        this.taken = seq;
        this.selection = selection;
        this.steps = steps;
        this.wakeup = wakeup;
    }

    public Selection selection() {
        return selection;
    }

    /** Which steps it hands out. */
    public Steps steps() {
        return steps;
    }

    /** Covers something else from where it is: what was handed out up to {@link #seq} was what it covered before. */
    public void select(Selection next) {
        selection = next;
        // What is being read of the log is that of before.
        logRead = null;
    }

    /** Hands out nothing after {@code lastSeq}, the end of a batch at {@link #seq} or later, until it {@linkplain #goOn goes on}. */
    public void holdAt(long lastSeq) {
        hold = lastSeq;
    }

    /** Whether it has handed out everything up to where it is held. */
    public boolean isHeld() {
        return seq >= hold;
    }

    /** Is held no longer. */
    public void goOn() {
        hold = Long.MAX_VALUE;
    }

    /** The last sequence number that was handed out or skipped by the selection. */
    public long seq() {
        return seq;
    }

    /** True when the log no longer holds what comes next: the follower has to start from a new snapshot. */
    public boolean isLost() {
        return lost;
    }

    /**
     * Whether it goes on with the newest forms of what changed, since the log does not hold every step any more: once, after the
     * poll that hands out the first of them.
     */
    public boolean beganCondensed() {
        return false;
    }

    /** Hands out nothing after {@code lastSeq}: the head of the hub, or where the cursor is. */
    public void endAt(long lastSeq) {
        end = Math.min(end, lastSeq);
    }

    /** True when everything up to the end was handed out. */
    public boolean isAtEnd() {
        return seq >= end;
    }

    /**
     * The last sequence number that the follower has passed on to its client, or that does not concern it. Any thread may ask this
     * and the next two.
     */
    public long taken() {
        return taken;
    }

    /** Committed updates after it. */
    public long lag() {
        return Math.max(0, hub.head() - taken);
    }

    /**
     * Whether the next one of these was committed more than a second ago, or the ring does not even hold it any more. That is so
     * of one that reads the log, and of one whose client does not take what it has got.
     *
     * @param nowMillis the time now by {@link SteadyClock#PROCESS}, as that of the commits
     */
    public boolean isLagging(long nowMillis) {
        return hub.isOverdue(taken, nowMillis - LAGGING_AFTER_MILLIS);
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
    public @Nullable EventLines poll(int maxBytes) throws FeedLogException {
        TAKEN.lazySet(this, seq);
        EventLines lines = next(maxBytes);
        if (lines == null) {
            // What was passed by since needs nobody to take it.
            TAKEN.lazySet(this, seq);
        }
        return lines;
    }

    private @Nullable EventLines next(int maxBytes) throws FeedLogException {
        EventLines lines = EventLines.NONE;
        while (lines.isEmpty() && seq < Math.min(end, hold)) {
            Run next = logRead == null ? fromRing(maxBytes) : fromLog(logRead);
            if (next == null) {
                return null;
            }
            lines = next.lines();
            SEQ.lazySet(this, next.last());
        }
        return lines.isEmpty() ? null : lines;
    }

    private @Nullable Run fromRing(int maxBytes) throws FeedLogException {
        if (hub.head() <= seq) {
            stopLagging();
            hub.park(wakeup, seq);
            return null;
        }
        Run run = hub.run(seq, selection, maxBytes, Math.min(end, hold));
        if (run == null) {
            return fromLog(startLogRead(maxBytes));
        }
        stopLagging();
        return run;
    }

    private CompletableFuture<Optional<Run>> startLogRead(int maxBytes) {
        servedFrom = seq;
        if (!lagging) {
            lagging = true;
            cursors.startReadingLog(this);
        }
        return cursors.readLog(seq, selection, maxBytes, Math.min(end, hold));
    }

    /** Null if the read is not finished, or the log no longer has what comes next. */
    private @Nullable Run fromLog(CompletableFuture<Optional<Run>> read) throws FeedLogException {
        if (!read.isDone()) {
            if (logRead == null) {
                logRead = read;
                var unused = read.whenComplete((run, failure) -> wakeup.signal());
            }
            return null;
        }
        logRead = null;
        Optional<Run> run = BlockingRead.result(read);
        if (run.isEmpty()) {
            lost = true;
            end = seq;
        }
        return run.orElse(null);
    }

    private void stopLagging() {
        if (lagging) {
            lagging = false;
            cursors.stopReadingLog(this);
        }
    }

    /** Where the log must not be trimmed from. */
    long servedFrom() {
        return servedFrom;
    }

    /** Ends it, and forgets it everywhere: a lagging cursor holds up the trimming of the log. */
    public void close() {
        hub.leave(wakeup);
        end = seq;
        logRead = null;
        stopLagging();
        cursors.ended(this);
    }
}
