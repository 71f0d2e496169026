package io.tidegate.access;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/**
 * Slows down who tries identities, by address: never by name, or anybody could lock somebody else out. An address has a bucket
 * that each failure takes from and time refills. Of IPv6 a network of 64 bits counts as one, which is what a single customer has.
 * Thread-safe.
 */
public final class CountedAttempts implements Attempts {

    /** What there was in a bucket at some time. */
    private record Level(double attempts, long atNanos) {}

    private final AttemptSettings settings;
    private final LongSupplier nanoClock;
    private final Failures failures;

    /** Guarded by this object. */
    private final Recent<Network, Level> levels;

    /**
     * With full buckets.
     *
     * @param failures counts those whose attempt is not looked at
     */
    public CountedAttempts(AttemptSettings settings, LongSupplier nanoClock, Failures failures) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.failures = failures;
        levels = new Recent<>(settings.addresses());
    }

    @Override
    public boolean mayTry(InetAddress address) {
        boolean may;
        synchronized (this) {
            may = left(Network.of(address), nanoClock.getAsLong()) >= 1;
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
        levels.put(network, new Level(Math.max(0, left(network, now) - 1), now));
    }

    private double left(Network network, long now) {
        Level level = levels.get(network);
        if (level == null) {
            return settings.perAddress();
        }
        double refilled = (double) (now - level.atNanos())
                * settings.perAddress()
                / settings.per().toNanos();
        return Math.min(settings.perAddress(), level.attempts() + refilled);
    }
}
