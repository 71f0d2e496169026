package io.tidegate.access;

import io.tidegate.document.Bucket;
import io.tidegate.document.Network;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/**
 * Slows down who tries identities, by address: never by name, or anybody could lock somebody else out. An address has a bucket
 * that each failure takes from and time refills. Of IPv6 a network of 64 bits counts as one, which is what a single customer has.
 * Thread-safe.
 */
public final class CountedAttempts implements Attempts {

    private final AttemptSettings settings;
    private final LongSupplier nanoClock;
    private final Failures failures;

    /** Guarded by this object. */
    private final Recent<Network, Bucket> buckets;

    /**
     * With full buckets.
     *
     * @param failures counts those whose attempt is not looked at
     */
    public CountedAttempts(AttemptSettings settings, LongSupplier nanoClock, Failures failures) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.failures = failures;
        buckets = new Recent<>(settings.addresses());
    }

    @Override
    public boolean mayTry(InetAddress address) {
        boolean may;
        synchronized (this) {
            Bucket left = buckets.get(Network.of(address));
            may = left == null || left.level(nanoClock.getAsLong()) >= 1;
        }
        if (!may) {
            failures.count(FailureReason.ADDRESS);
        }
        return may;
    }

    @Override
    public synchronized void failed(InetAddress address) {
        Network network = Network.of(address);
        long now = nanoClock.getAsLong();
        Bucket known = buckets.get(network);
        Bucket left = known == null ? full(now) : known;
        // Those that were under way together do not make it wait the longer.
        left.take(Math.min(1, left.level(now)));
        buckets.put(network, left);
    }

    private Bucket full(long nowNanos) {
        double perSecond = settings.perAddress() * 1e9 / settings.per().toNanos();
        return new Bucket(settings.perAddress(), perSecond, nowNanos);
    }
}
