package io.tidegate.feed;

import io.tidegate.document.Selection;
import io.tidegate.settings.Section;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast hub: a ring of the newest batches that any number of cursors read, each at its own pace.
 *
 * <p>One thread, the feed's, appends; any thread reads. A reader takes no lock and leaves no trace, so it can neither slow
 * down the writer nor another reader. Who has read everything parks its {@link Wakeup}; one publish wakes all that are
 * parked, in time that grows with their number only. Who falls out of the ring is served by the log.
 */
public final class Hub {

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

    /** Runs that are remembered; a power of two. */
    private static final int RUNS = 16;

    private final AtomicReferenceArray<@Nullable Batch> slots;
    private final int mask;
    private final long maxBytes;
    /** The number of the entry that comes next; only the feed's thread advances it. */
    private final AtomicLong next = new AtomicLong();

    /** The runs that were put together last, each in the place that its follower's place and selection give. */
    private final AtomicReferenceArray<@Nullable Run> runs = new AtomicReferenceArray<>(RUNS);

    private final ParkingLot parked = new ParkingLot();

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

    /** Makes a committed batch visible. Feed's thread only; call {@link #wakeParked} afterwards. */
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
     * @param end the last sequence number of a batch; nothing after it is included
     * @return null if what comes next is not in the ring
     */
    @Nullable
    Run run(long after, Selection selection, int maxBytes, long end) {
        int slot = Run.slot(after, selection, RUNS);
        Run known = runs.get(slot);
        if (known != null
                && known.isFor(after, selection, maxBytes)
                && known.last() <= end
                && (known.isFull() || known.last() == Math.min(head, end))) {
            return known;
        }
        Run fresh = assemble(after, selection, maxBytes, end);
        if (fresh != null) {
            runs.set(slot, fresh);
        }
        return fresh;
    }

    private @Nullable Run assemble(long after, Selection selection, int maxBytes, long end) {
        long last = after;
        EventLines lines = EventLines.NONE;
        long entry = find(after + 1);
        Batch batch = entry < 0 ? null : read(entry, after + 1);
        while (batch != null && last < end && lines.size() < maxBytes) {
            lines = lines.concat(batch.linesAfter(last, selection));
            last = batch.lastSeq();
            entry++;
            batch = read(entry, last + 1);
        }
        return last == after ? null : new Run(after, selection, maxBytes, last, lines.compact());
    }

    /**
     * Asks for one signal when something is appended after {@code seen}.
     *
     * @param seen the last sequence number that the follower has; if the hub is already past it, the signal comes at once
     */
    void park(Wakeup wakeup, long seen) {
        parked.park(wakeup);
        // Appended between the follower's look and its parking: wakeParked may have come too early for it.
        if (head > seen) {
            wakeup.signal();
        }
    }

    /** Forgets a follower that will not come back. */
    void leave(Wakeup wakeup) {
        parked.leave(wakeup);
    }

    /**
     * Gives all that are parked a turn.
     *
     * @param turns takes the turns, some followers at once
     */
    void wakeParked(Executor turns) {
        parked.wakeAll(turns);
    }
}
