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
 * it and the log when it is older. A follower that does not poll costs nothing and loses nothing. What does not concern it moves
 * it on by itself, unread.
 *
 * <p>Used by one thread at a time, the follower's.
 */
public final class Subscription {

    /** A follower that waits for longer than this for an update is behind; a live one waits for some milliseconds. */
    private static final long LAGGING_AFTER_MILLIS = 1000;

    /**
     * Who wants the newest only is not sent steps that have waited for longer than this: much longer than a round takes, and
     * what people still take for at once.
     */
    private static final long LATE_AFTER_MILLIS = 100;

    private static final AtomicLongFieldUpdater<Subscription> SEQ =
            AtomicLongFieldUpdater.newUpdater(Subscription.class, "seq");
    private static final AtomicLongFieldUpdater<Subscription> TAKEN =
            AtomicLongFieldUpdater.newUpdater(Subscription.class, "taken");

    private final Cursors cursors;
    private final Hub hub;
    private final Steps steps;
    private final Wakeup wakeup;
    private volatile Interest interest;

    /** What it was asked to cover, in its own words; the interest is shared by all who cover the same. */
    private volatile Selection selection;

    /**
     * Everything up to there was handed out, or was passed by when the follower last looked. Written by the follower's thread,
     * lazily, which costs no more than a plain write; {@link Feed#status} looks at it.
     */
    private volatile long seq;

    /** As far as {@code seq} was when the follower last came for more: what it was handed before that, it has passed on. */
    private volatile long taken;

    private volatile long end = Long.MAX_VALUE;
    private volatile long hold = Long.MAX_VALUE;

    /** A read of the store that is under way, and whether it reads what changed instead of every step. */
    private @Nullable CompletableFuture<Optional<Run>> read;

    private boolean readsChanges;

    /** Up to there it is sent what changed instead of every step. */
    private long condensedTo;

    private boolean condensed;
    private boolean beganCondensed;
    private long condensedAfter;
    private boolean reading;
    private boolean lost;
    private boolean closed;

    /** Read by the commit task when it trims. */
    private volatile long servedFrom;

    Subscription(Cursors cursors, Hub hub, long seq, Selection selection, Steps steps, Wakeup wakeup) {
        this.cursors = cursors;
        this.hub = hub;
        this.seq = seq;
        this.taken = seq;
        this.steps = steps;
        this.wakeup = wakeup;
        this.selection = selection;
        interest = hub.join(selection);
        condensedTo = steps == Steps.NEWEST ? hub.head() : 0;
    }

    /** Whether what comes after {@code seq} has waited for so long that it may have been replaced. */
    static boolean isLate(Hub hub, long seq) {
        return hub.isOverdue(seq, SteadyClock.PROCESS.millis() - LATE_AFTER_MILLIS);
    }

    public Selection selection() {
        return selection;
    }

    /** Which steps it hands out. */
    public Steps steps() {
        return steps;
    }

    /**
     * Covers something else from where it is: what was handed out up to there was what it covered before.
     *
     * @return where it is
     */
    public long select(Selection next) {
        Interest before = interest;
        // First of all: what is committed from now on is known to concern it.
        Interest after = hub.join(next);
        long at = seq();
        TAKEN.lazySet(this, passedBy(taken));
        interest = after;
        selection = next;
        read = null;
        hub.leave(before, wakeup);
        wakeup.signal();
        return at;
    }

    /** Hands out nothing after {@code lastSeq}, the end of a batch at {@link #seq} or later, until it {@linkplain #goOn goes on}. */
    public void holdAt(long lastSeq) {
        hold = lastSeq;
    }

    /** Whether it has handed out everything up to where it is held. */
    public boolean isHeld() {
        return seq() >= hold;
    }

    /** Is held no longer. */
    public void goOn() {
        hold = Long.MAX_VALUE;
    }

    /** The last sequence number that was handed out or does not concern it. */
    public long seq() {
        moveTo(passedBy(seq));
        return seq;
    }

    private void moveTo(long next) {
        if (next != seq) {
            SEQ.lazySet(this, next);
        }
    }

    private long passedBy(long at) {
        long head = hub.head();
        return passedBy(at, head, interest.matches().next(at));
    }

    /** How far one gets from there without meeting what comes next. */
    private long passedBy(long at, long head, long next) {
        long limit = Math.min(head, Math.min(end, hold));
        return Math.max(at, Math.min(limit, next - 1));
    }

    /**
     * Whether the log did not hold every step any more, and it goes on with what changed, each document in its newest form: once,
     * after the poll that came to it. What that poll handed out, if anything, comes after the gap.
     */
    public boolean beganCondensed() {
        boolean began = beganCondensed;
        beganCondensed = false;
        return began;
    }

    /** The place after which it did so last. */
    public long condensedAfter() {
        return condensedAfter;
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
        return seq() >= end;
    }

    /**
     * The last sequence number that the follower has passed on to its client, or that does not concern it. Any thread may ask this
     * and the next two.
     */
    public long taken() {
        return passedBy(taken);
    }

    /** Committed updates after it. */
    public long lag() {
        return Math.max(0, hub.head() - taken());
    }

    /**
     * Whether the next one of these was committed more than a second ago, or the ring does not even hold it any more. That is so
     * of one that reads the log, and of one whose client does not take what it has got.
     *
     * @param nowMillis the time now by {@link SteadyClock#PROCESS}, as that of the commits
     */
    public boolean isLagging(long nowMillis) {
        return hub.isOverdue(taken(), nowMillis - LAGGING_AFTER_MILLIS);
    }

    /** Whether everything that is committed was handed out. */
    public boolean isLive() {
        long head = hub.head();
        return seq() >= head;
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
            Run next = read == null ? begin(maxBytes) : finish(read, maxBytes);
            if (next == null) {
                return null;
            }
            lines = next.lines();
            SEQ.lazySet(this, next.last());
        }
        return lines.isEmpty() ? null : lines;
    }

    private @Nullable Run begin(int maxBytes) throws FeedLogException {
        long head = hub.head();
        // After the head: it comes last in a commit.
        long next = interest.matches().next(seq);
        moveTo(passedBy(seq, head, next));
        if (next > head) {
            stopReading();
            hub.park(interest, wakeup, seq);
            return null;
        }
        if (seq >= Math.min(end, hold)) {
            return null;
        }
        if (wantsChanges() && cursors.knowsChangesAfter(seq)) {
            return finish(readChanges(maxBytes), maxBytes);
        }
        Run run = hub.run(seq, interest, maxBytes, Math.min(end, hold));
        if (run == null) {
            return finish(readLog(maxBytes), maxBytes);
        }
        stopReading();
        if (run.lines().isEmpty() && run.last() < head) {
            // Much was looked at, and nothing of it concerns the follower: others have their turn before it looks on.
            moveTo(run.last());
            wakeup.signal();
            return null;
        }
        return run;
    }

    private boolean wantsChanges() {
        return seq < condensedTo || (steps == Steps.NEWEST && isLate(hub, seq));
    }

    private CompletableFuture<Optional<Run>> readLog(int maxBytes) {
        readsChanges = false;
        servedFrom = seq;
        startReading();
        cursors.keepLogFor(this);
        return cursors.readLog(seq, interest.selection(), maxBytes, Math.min(end, hold));
    }

    private CompletableFuture<Optional<Run>> readChanges(int maxBytes) {
        readsChanges = true;
        startReading();
        cursors.letLogGo(this);
        long limit = Math.min(hub.head(), Math.min(end, hold));
        long stepsFrom = steps == Steps.RETAINED ? cursors.stepsKnownAfter() : 0;
        boolean toSteps = stepsFrom > seq && stepsFrom < limit;
        condensedTo = toSteps ? stepsFrom : limit;
        return cursors.readChanges(seq, interest.selection(), maxBytes, toSteps ? stepsFrom : Math.min(end, hold));
    }

    /** Null if the read is not finished, or what comes next cannot be read any more. */
    private @Nullable Run finish(CompletableFuture<Optional<Run>> started, int maxBytes) throws FeedLogException {
        if (!started.isDone()) {
            if (read == null) {
                read = started;
                var unused = started.whenComplete((run, failure) -> wakeup.signal());
            }
            return null;
        }
        read = null;
        Optional<Run> run = BlockingRead.result(started);
        if (run.isPresent() && run.get().last() > Math.min(end, hold)) {
            // It was started before it was said how far it may go.
            return finish(readChanges(maxBytes), maxBytes);
        }
        if (run.isEmpty()) {
            return goOnOtherwise(maxBytes);
        }
        if (readsChanges && !condensed && steps == Steps.RETAINED) {
            beganCondensed = true;
            condensedAfter = run.get().after();
        }
        condensed = readsChanges;
        return run.get();
    }

    /** What was trimmed from the log may still be known by what changed, and what is not known by that may be in the log. */
    private @Nullable Run goOnOtherwise(int maxBytes) throws FeedLogException {
        boolean changesKnown = steps != Steps.EVERY && cursors.knowsChangesAfter(seq);
        if (!readsChanges && changesKnown) {
            return finish(readChanges(maxBytes), maxBytes);
        }
        if (readsChanges && !changesKnown) {
            return finish(readLog(maxBytes), maxBytes);
        }
        lost = true;
        end = seq;
        return null;
    }

    private void startReading() {
        if (!reading) {
            reading = true;
            cursors.startReading();
        }
    }

    private void stopReading() {
        condensed = false;
        if (reading) {
            reading = false;
            cursors.stopReading(this);
        }
    }

    /** Where the log must not be trimmed from. */
    long servedFrom() {
        return servedFrom;
    }

    /** Ends it, and forgets it everywhere: a lagging cursor holds up the trimming of the log. */
    public void close() {
        if (!closed) {
            closed = true;
            end = seq();
            hub.leave(interest, wakeup);
            read = null;
            stopReading();
            cursors.ended(this);
        }
    }
}
