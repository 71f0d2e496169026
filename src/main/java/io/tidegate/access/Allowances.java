package io.tidegate.access;

import io.tidegate.document.Bucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What each identity has and does, beside what it may: so many connections and snapshots at once, so many changes and
 * bytes a second. Who has not shown who
 * it is is not counted here, but by its address. Thread-safe.
 *
 * <p>Changes come out of buckets that time refills, of one second each. A bucket that is not empty lets a change through, however
 * large it is, and then lacks what that took: so what was said is kept in the long run, and order is never changed.
 */
public final class Allowances {

    /** Where nobody counts. */
    public static final Allowances UNCOUNTED = new Allowances(new LimitSettings(Integer.MAX_VALUE, 0, 0, 0), () -> 0);

    /** What one identity has, and may do now. */
    private static final class Account {
        private final Bucket publishes;
        private final Bucket bytes;
        private int connections;
        private int snapshots;

        Account(Bucket publishes, Bucket bytes) {
            this.publishes = publishes;
            this.bytes = bytes;
        }

        /** With what that one has. */
        Account with(Account other) {
            connections = other.connections;
            snapshots = other.snapshots;
            return this;
        }
    }

    private volatile LimitSettings settings;
    private final LongSupplier nanoClock;
    private final AtomicLong refusedConnections = new AtomicLong();
    private final AtomicLong refusedSnapshots = new AtomicLong();
    private final AtomicLong heldBack = new AtomicLong();

    /** Guarded by this object, and what is in it. Of who has nothing, and may do all, it is forgotten. */
    private final Map<String, Account> accounts = new HashMap<>();

    /** Publishers that wait, each once and with its identity, in the order in which they came. Guarded by this object. */
    private final Map<Runnable, String> waiting = new LinkedHashMap<>();

    private volatile boolean lifted;

    public Allowances(LimitSettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /** Other limits from now on. Who has more than that keeps it, and is given no more. */
    public synchronized void limit(LimitSettings other) {
        if (other.equals(settings)) {
            return;
        }
        settings = other;
        accounts.replaceAll((identity, account) -> full().with(account));
    }

    /** Nobody is held back any more: whatever comes is refused elsewhere. Who waits is told by the next {@link #look}. */
    public void lift() {
        lifted = true;
    }

    private boolean countsChanges() {
        return !lifted && hasLimits();
    }

    private boolean hasLimits() {
        return settings.publishes() > 0 || settings.publishBytes() > 0;
    }

    private Account account(String identity) {
        return accounts.computeIfAbsent(identity, unknown -> full());
    }

    /** Each bucket has what may be done in a second. */
    private Account full() {
        long now = nanoClock.getAsLong();
        double publishes = settings.publishes();
        double bytes = (double) settings.publishBytes();
        return new Account(new Bucket(publishes, publishes, now), new Bucket(bytes, bytes, now));
    }

    // ---- connections

    /** Takes a place for a connection, until it has {@linkplain #leave left}; false if there is none. */
    synchronized boolean enter(String identity) {
        boolean hasPlace = hasPlace(identity);
        account(identity).connections += hasPlace ? 1 : 0;
        return hasPlace;
    }

    synchronized void leave(String identity) {
        account(identity).connections--;
    }

    /** Whether there is a place now; who finds none is refused. */
    synchronized boolean hasPlace(String identity) {
        return counted(account(identity).connections < settings.connections(), refusedConnections);
    }

    private static boolean counted(boolean isAllowed, AtomicLong refused) {
        if (!isAllowed) {
            refused.incrementAndGet();
        }
        return isAllowed;
    }

    // ---- snapshots

    /**
     * Takes a place for a snapshot.
     *
     * @return gives it back, however often it is called; empty if there is none
     */
    synchronized Optional<Runnable> takeSnapshot(String identity) {
        if (settings.snapshots() == 0) {
            return Optional.of(() -> {});
        }
        if (!mayTakeSnapshot(identity)) {
            return Optional.empty();
        }
        account(identity).snapshots++;
        var isTaken = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (isTaken.getAndSet(false)) {
                giveSnapshotBack(identity);
            }
        });
    }

    private synchronized void giveSnapshotBack(String identity) {
        account(identity).snapshots--;
    }

    /** Whether there is a place for a snapshot now; who finds none is refused. */
    synchronized boolean mayTakeSnapshot(String identity) {
        return settings.snapshots() == 0
                || counted(account(identity).snapshots < settings.snapshots(), refusedSnapshots);
    }

    // ---- changes

    /**
     * Whether a change may be published now.
     *
     * @param whenever run once if it may not, when it may again, unless that is {@linkplain #waitNoMore taken back}
     */
    boolean mayPublish(String identity, Runnable whenever) {
        if (!countsChanges()) {
            return true;
        }
        synchronized (this) {
            Account account = account(identity);
            if (mayPublish(account, nanoClock.getAsLong())) {
                return true;
            }
            if (waiting.put(whenever, identity) == null) {
                heldBack.incrementAndGet();
            }
            return false;
        }
    }

    /** Who waited has gone: it is not told any more, and not held. */
    synchronized void waitNoMore(Runnable whenever) {
        waiting.remove(whenever);
    }

    private boolean mayPublish(Account account, long nowNanos) {
        return lifted
                || ((settings.publishes() == 0 || account.publishes.level(nowNanos) >= 1)
                        && (settings.publishBytes() == 0 || account.bytes.level(nowNanos) > 0));
    }

    /** A change of so many bytes is published. */
    void published(String identity, int bytes) {
        if (countsChanges()) {
            synchronized (this) {
                Account account = account(identity);
                // What does not matter stays full, or nobody would be forgotten.
                account.publishes.take(settings.publishes() > 0 ? 1 : 0);
                account.bytes.take(settings.publishBytes() > 0 ? bytes : 0);
            }
        }
    }

    /** Tells those who wait and may go on, and forgets who may do everything. To be called several times a second. */
    public void look() {
        List<Runnable> free = new ArrayList<>(0);
        synchronized (this) {
            long now = nanoClock.getAsLong();
            waiting.entrySet().removeIf(each -> {
                boolean isFree = mayPublish(account(each.getValue()), now);
                if (isFree) {
                    free.add(each.getKey());
                }
                return isFree;
            });
            accounts.values()
                    .removeIf(account -> account.connections == 0
                            && account.snapshots == 0
                            && account.publishes.isFull(now)
                            && account.bytes.isFull(now));
        }
        free.forEach(Runnable::run);
    }

    /** Of how many something is remembered. */
    synchronized int size() {
        return accounts.size();
    }

    /** How often a limit was met since the start, by its setting. */
    public Map<String, Long> counts() {
        return Map.of(
                "connections", refusedConnections.get(),
                "snapshots", refusedSnapshots.get(),
                "publishes", heldBack.get());
    }
}
