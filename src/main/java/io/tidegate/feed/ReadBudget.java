package io.tidegate.feed;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Divides the memory for what clients were read or sent and have not taken yet among those who wait for it.
 *
 * <p>Few readers get large pieces, which are fast. When thousands read at once, or pretend to and never take what they asked
 * for, the pieces become small and the memory stays the same. Thread-safe.
 */
final class ReadBudget {

    /** Smaller pieces would cost more than they save. */
    private static final int LEAST_BYTES = 4096;

    /** A reader holds one piece that is being sent and one that was read ahead. */
    private static final int PIECES = 2;

    private final long bytes;
    private final AtomicInteger readers = new AtomicInteger();

    ReadBudget(long bytes) {
        this.bytes = bytes;
    }

    void enter() {
        readers.incrementAndGet();
    }

    void leave() {
        readers.decrementAndGet();
    }

    /**
     * How many bytes one reader may read now: a power of two, so that it stays the same for a while and readers at the same
     * place get the same.
     *
     * @param most what it would like to read
     */
    int share(int most) {
        long share = bytes / PIECES / Math.max(1, readers.get());
        return (int) Math.min(most, Math.max(LEAST_BYTES, Long.highestOneBit(share)));
    }
}
