package io.tidegate.shared;

import java.util.concurrent.atomic.AtomicLong;

/** What an order that is shared has counted since it was started. Thread-safe. */
public final class OrderCounts {

    private final AtomicLong renewals = new AtomicLong();
    private final AtomicLong fences = new AtomicLong();
    private final AtomicLong strays = new AtomicLong();

    void renewed() {
        renewals.incrementAndGet();
    }

    void fenced() {
        fences.incrementAndGet();
    }

    /** Whether it is the first one. */
    boolean strayed() {
        return strays.getAndIncrement() == 0;
    }

    /** How often a proposal of this node may have been lost. */
    public long renewals() {
        return renewals.get();
    }

    /** Fences that were read, of whatever node. */
    public long fences() {
        return fences.get();
    }

    /** Entries that other programs had written, and that were passed over. */
    public long strays() {
        return strays.get();
    }
}
