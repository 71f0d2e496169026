package io.tidegate.listener;

import io.tidegate.document.Bucket;
import io.tidegate.document.Network;
import io.tidegate.settings.Section;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many connections one address may have, and how fast it may make new ones: nobody takes the places of all others. Of IPv6 a network
 * of 64 bits counts as one. This machine and the proxies that are trusted are not limited: many come by them. Thread-safe.
 */
public final class AddressLimits {

    /** So many connections may come at once, in seconds of what may come in the long run. */
    private static final int BURST_SECONDS = 2;

    /**
     * What is allowed.
     *
     * @param connections open at once
     * @param connects new ones a second
     * @param exempt whose are not counted
     */
    public record Settings(int connections, int connects, List<Network> exempt) {

        public Settings {
            exempt = List.copyOf(exempt);
        }

        /** Reads what concerns addresses in the section of connections. */
        public static Settings from(Section connection, List<Network> exempt) {
            return new Settings(
                    connection.number("max-connections-per-address", 1, 1_000_000),
                    connection.number("connects-per-address", 1, 1_000_000),
                    exempt);
        }
    }

    /** What somebody has, and may do. */
    private static final class Account {
        private final Bucket connects;
        private int open;

        Account(Bucket connects) {
            this.connects = connects;
        }

        /** With what that one has. */
        Account with(Account other) {
            open = other.open;
            return this;
        }
    }

    private volatile Settings settings;
    private final AtomicLong refused = new AtomicLong();

    /** Guarded by this object, and what is in it. Of who has nothing open any more it is forgotten in a few seconds. */
    private final Map<Network, Account> accounts = new HashMap<>();

    public AddressLimits(Settings settings) {
        this.settings = settings;
    }

    /** Other limits from now on, of the same addresses. Who has more than that keeps it, and is given no more. */
    synchronized void limit(Settings other, long nowNanos) {
        if (other.connections() == settings.connections() && other.connects() == settings.connects()) {
            return;
        }
        settings = new Settings(other.connections(), other.connects(), settings.exempt());
        accounts.replaceAll((network, account) -> full(nowNanos).with(account));
    }

    /**
     * Takes a place for a connection, until it has {@linkplain #left left}.
     *
     * @return what the client is told if it gets none; null if it does
     */
    @Nullable
    String admit(InetAddress address, long nowNanos) {
        if (isExempt(address)) {
            return null;
        }
        String refusal = refusal(Network.of(address), nowNanos);
        if (refusal != null) {
            refused.incrementAndGet();
        }
        return refusal;
    }

    private synchronized @Nullable String refusal(Network network, long nowNanos) {
        Account account = accounts.computeIfAbsent(network, unknown -> full(nowNanos));
        if (account.open >= settings.connections()) {
            return "there are " + settings.connections() + " connections from this address already: close one, or try"
                    + " again later; the operator can raise tidegate.connection.max-connections-per-address";
        }
        if (account.connects.level(nowNanos) < 1) {
            return "new connections come too fast from this address: wait a second; the operator can raise"
                    + " tidegate.connection.connects-per-address";
        }
        account.connects.take(1);
        account.open++;
        return null;
    }

    private Account full(long nowNanos) {
        double perSecond = settings.connects();
        return new Account(new Bucket(perSecond * BURST_SECONDS, perSecond, nowNanos));
    }

    /** A connection that got a place is gone. */
    void left(InetAddress address) {
        if (isExempt(address)) {
            return;
        }
        synchronized (this) {
            Account account = accounts.get(Network.of(address));
            if (account != null) {
                account.open--;
            }
        }
    }

    /** Forgets who may do everything. To be called regularly. */
    synchronized void forget(long nowNanos) {
        accounts.values().removeIf(account -> account.open == 0 && account.connects.isFull(nowNanos));
    }

    private boolean isExempt(InetAddress address) {
        return address.isLoopbackAddress() || Network.anyIncludes(settings.exempt(), address);
    }

    /** Of how many something is remembered. */
    synchronized int size() {
        return accounts.size();
    }

    /** Connections that found no place, since the start. */
    long refused() {
        return refused.get();
    }
}
