package io.tidegate.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The record of every connection: how many are open, the sums over those that ended, and the newest of these in full.
 *
 * <p>Written by the manager, read by anyone. Thread-safe.
 */
public final class Ledger {

    private final int capacity;
    private final Consumer<LedgerEntry> watcher;
    private final ArrayDeque<LedgerEntry> newest = new ArrayDeque<>();
    private long open;
    private LedgerTotals totals = LedgerTotals.NONE;

    /**
     * An empty ledger.
     *
     * @param capacity how many ended connections are kept in full; the sums count all
     */
    public Ledger(int capacity) {
        this(capacity, entry -> {});
    }

    /**
     * The same.
     *
     * @param watcher hears of each connection that ended; does not block
     */
    public Ledger(int capacity, Consumer<LedgerEntry> watcher) {
        this.capacity = capacity;
        this.watcher = watcher;
    }

    /** Connections that have not ended. */
    public synchronized long open() {
        return open;
    }

    /** The sums over all connections that ended since the start. */
    public synchronized LedgerTotals totals() {
        return totals;
    }

    /** The same, if the server resets all those that have not ended without waiting for their end. */
    public synchronized LedgerTotals totalsIfCutOff() {
        return totals.andCutOff(open);
    }

    /**
     * The connections that ended last, in the order in which they ended.
     *
     * @param most no more than this many
     */
    public synchronized List<LedgerEntry> newest(int most) {
        List<LedgerEntry> entries = new ArrayList<>(Math.min(Math.max(most, 0), newest.size()));
        Iterator<LedgerEntry> backwards = newest.descendingIterator();
        while (entries.size() < most && backwards.hasNext()) {
            entries.add(backwards.next());
        }
        Collections.reverse(entries);
        return entries;
    }

    public synchronized void opened() {
        open++;
    }

    public void ended(LedgerEntry entry) {
        add(entry);
        watcher.accept(entry);
    }

    private synchronized void add(LedgerEntry entry) {
        open--;
        totals = totals.plus(entry.ending());
        newest.add(entry);
        if (newest.size() > capacity) {
            newest.remove();
        }
    }
}
