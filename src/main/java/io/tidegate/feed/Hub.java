package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.settings.Section;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broadcast hub: a ring of the newest batches that any number of cursors read, each at its own pace.
 *
 * <p>One thread, the feed's, appends; any thread reads. A reader takes no lock and leaves no trace, so it can neither slow
 * down the writer nor another reader. Who has read everything parks its {@link Wakeup}; one publish wakes those of the parked
 * whom it concerns, in time that grows with their number only. Who falls out of the ring is served by the log.
 */
public final class Hub {

    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    /** So many updates are looked at in one turn, some milliseconds of work. */
    private static final int LOOKS_IN_A_TURN = 1 << 16;

    /**
     * Limits of the ring; the batch that passes one of them pushes the oldest out.
     *
     * @param batches most batches; a power of two
     * @param bytes most stored bytes; the newest batch stays whatever its size
     */
    public record Settings(int batches, long bytes) {

        public Settings {
            if (Integer.bitCount(batches) != 1) {
                throw new IllegalArgumentException("ring batches must be a power of two, not " + batches);
            }
        }

        static Settings from(Section ring) {
            return new Settings(
                    ring.powerOfTwo("batches", 16, 65_536), ring.bytes("bytes", Section.kib(64), Section.gib(16)));
        }
    }

    private final AtomicReferenceArray<@Nullable Batch> slots;
    private final int mask;
    private final long maxBytes;
    /** The number of the entry that comes next; only the feed's thread advances it. */
    private final AtomicLong next = new AtomicLong();

    private final RunCache runs = new RunCache();

    /** Its monitor orders marks and the head: who sees the head sees whom it concerns. */
    private final Interests interests = new Interests();

    // Written by the feed's thread only.
    private long oldest;
    private long bytes;
    private volatile long head;

    /**
     * An empty ring.
     *
     * @param head last sequence number that was committed before this hub existed
     */
    public Hub(Settings settings, long head) {
        slots = new AtomicReferenceArray<>(settings.batches());
        mask = settings.batches() - 1;
        maxBytes = settings.bytes();
        this.head = head;
    }

    /** Last committed sequence number. */
    public long head() {
        return head;
    }

    /**
     * Makes what was committed visible. Feed's thread only; call {@link #wakeParked} afterwards.
     *
     * @param changes those of all batches, in order
     */
    void commit(List<Batch> batches, List<Change> changes) {
        synchronized (interests) {
            try {
                interests.mark(changes, head + 1);
            } catch (RuntimeException | Error e) {
                // Memory that ran out, say. It is durable, so it is shown, whatever that costs.
                log.error("Whom updates concern cannot be told: all followers look for themselves", e);
                interests.markAll(head + changes.size());
            }
            batches.forEach(this::append);
        }
    }

    /** Makes a batch visible to those who follow everything. */
    void append(Batch batch) {
        if (batch.firstSeq() != head + 1) {
            throw new IllegalStateException(batch + " does not follow " + head);
        }
        bytes += batch.stored().length;
        long entry = next.get();
        while (entry - oldest > mask || (bytes > maxBytes && oldest < entry)) {
            evictOldest();
        }
        slots.set((int) entry & mask, batch);
        next.set(entry + 1);
        head = batch.lastSeq();
    }

    private void evictOldest() {
        int slot = (int) oldest & mask;
        Batch evicted = slots.get(slot);
        if (evicted != null) {
            bytes -= evicted.stored().length;
            slots.set(slot, null);
        }
        oldest++;
    }

    /**
     * The number of the ring's entry that holds {@code seq}; from there on the entries are read one by one.
     *
     * @return -1 if it is not in the ring
     */
    long find(long seq) {
        long high = next.get() - 1;
        long low = Math.max(0, high - mask);
        while (low <= high) {
            long middle = (low + high) >>> 1;
            Batch batch = slots.get((int) middle & mask);
            if (batch == null || batch.lastSeq() < seq) {
                low = middle + 1;
            } else if (batch.firstSeq() > seq) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    /**
     * Whether what comes after {@code seq} has been there for long.
     *
     * @param timeMillis whether since before this time, epoch milliseconds; what has left the ring already has
     */
    boolean isOverdue(long seq, long timeMillis) {
        if (head <= seq) {
            return false;
        }
        long entry = find(seq + 1);
        Batch next = entry < 0 ? null : read(entry, seq + 1);
        return next == null || next.committedAtMillis() < timeMillis;
    }

    /** Entry number {@code entry} if it still holds {@code seq}, else null. */
    @Nullable
    Batch read(long entry, long seq) {
        Batch batch = slots.get((int) entry & mask);
        return batch != null && batch.contains(seq) ? batch : null;
    }

    /**
     * What a follower is sent next.
     *
     * <p>The followers of a live feed stand at the same place, and what they are sent was put together for the first of them.
     *
     * @param after the last sequence number that the follower has
     * @param maxBytes stop after the batch that reaches this many
     * @param end nothing after this number is included
     * @return null if what comes next is not in the ring, or nothing concerns the follower
     */
    @Nullable
    Run run(long after, Interest interest, int maxBytes, long end) {
        long limit = Math.min(head, end);
        Matches matches = interest.matches();
        Run known = runs.find(after, interest.selection(), maxBytes);
        if (known != null && known.last() <= end && (known.isFull() || matches.next(known.last()) > limit)) {
            return known;
        }
        Run fresh = assemble(after, interest.selection(), matches, maxBytes, limit);
        if (fresh != null && interest.isShared()) {
            runs.put(fresh);
        }
        return fresh;
    }

    private @Nullable Run assemble(long after, Selection selection, Matches matches, int maxBytes, long limit) {
        long last = after;
        EventLines lines = EventLines.NONE;
        long entry = -1;
        long end = Math.min(limit, after + LOOKS_IN_A_TURN);
        for (long next = matches.next(last); next <= end && lines.size() < maxBytes; next = matches.next(last)) {
            Batch batch = entry < 0 ? null : read(++entry, next);
            if (batch == null) {
                entry = find(next);
                batch = entry < 0 ? null : read(entry, next);
            }
            if (batch == null) {
                break;
            }
            last = Math.min(limit, Math.min(batch.lastSeq(), matches.lastFrom(next)));
            lines = lines.concat(batch.lines(next - 1, last, selection));
        }
        return last == after ? null : new Run(after, selection, maxBytes, last, lines.compact());
    }

    /** A follower begins to follow a selection, until it {@linkplain #leave leaves}. */
    Interest join(Selection selection) {
        synchronized (interests) {
            return interests.join(selection, head);
        }
    }

    /**
     * Asks for one signal when something is appended after {@code seen} that concerns the follower.
     *
     * @param seen the last sequence number that the follower has; if the hub is already past it, the signal comes at once
     */
    void park(Interest interest, Wakeup wakeup, long seen) {
        interest.parked().park(wakeup);
        // Appended between the follower's look and its parking: wakeParked may have come too early for it.
        if (isConcerned(interest, seen)) {
            wakeup.signal();
        }
    }

    /** Whether something after {@code seq} may concern such a follower. */
    boolean isConcerned(Interest interest, long seq) {
        long now = head;
        return interest.matches().next(seq) <= now;
    }

    /** Forgets a follower that does not come back to that interest. */
    void leave(Interest interest, Wakeup wakeup) {
        interest.parked().leave(wakeup);
        synchronized (interests) {
            interests.leave(interest);
        }
    }

    /**
     * Gives all that are parked, and whom something concerns that was appended since, a turn.
     *
     * @param turns takes the turns, some followers at once
     */
    void wakeParked(Executor turns) {
        var round = new Round();
        try {
            interests.everything().parked().moveTo(round);
            synchronized (interests) {
                interests.moveParkedTo(round);
            }
        } finally {
            // Whoever is parked no longer has a turn, whatever became of the others.
            round.giveTurns(turns);
        }
    }
}
