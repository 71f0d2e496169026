package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The runs that were put together last, each in the place that its follower's place and selection give. Thread-safe.
 *
 * <p>The followers of a round come one after the other, so what is remembered is of use for a moment only: when it becomes too
 * much, all of it is dropped.
 */
final class RunCache {

    /** Runs that are remembered; a power of two. More than the selections that several followers share in one round. */
    private static final int RUNS = 1024;

    /** Bytes of them that are remembered. */
    private static final long MOST_BYTES = 16 << 20;

    private final AtomicReferenceArray<@Nullable Run> runs = new AtomicReferenceArray<>(RUNS);
    private final AtomicLong bytes = new AtomicLong();

    @Nullable
    Run find(long after, Selection selection, int maxBytes) {
        Run known = runs.get(Run.slot(after, selection, RUNS));
        return known != null && known.isFor(after, selection, maxBytes) ? known : null;
    }

    void put(Run run) {
        replace(Run.slot(run.after(), run.selection(), RUNS), run);
        if (bytes.get() > MOST_BYTES) {
            for (int slot = 0; slot < RUNS; slot++) {
                replace(slot, null);
            }
        }
    }

    private void replace(int slot, @Nullable Run run) {
        Run before = runs.getAndSet(slot, run);
        bytes.addAndGet(size(run) - size(before));
    }

    private static long size(@Nullable Run run) {
        return run == null ? 0 : run.lines().size();
    }
}
