package io.tidegate.audit;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Of how many refusals of one address each is told: so many a minute; the others are counted, and their number is told when the
 * minute is over. Of IPv6 a network of 64 bits counts as one. Thread-safe.
 */
final class RefusalRate {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Takes how many were not told. */
    interface PassedOver {
        void tell(String address, long times);
    }

    private static final class Window {
        private final long since;
        private int told;
        private long passedOver;

        Window(long since) {
            this.since = since;
        }
    }

    private record Rest(String address, long times) {}

    private final int perAddress;
    private final int addresses;
    private final LongSupplier nanoClock;
    private final PassedOver counts;

    /** In the order of their beginnings. Guarded by this object. */
    private final Map<Network, Window> windows = new LinkedHashMap<>();

    RefusalRate(int perAddress, int addresses, LongSupplier nanoClock, PassedOver counts) {
        this.perAddress = perAddress;
        this.addresses = addresses;
        this.nanoClock = nanoClock;
        this.counts = counts;
    }

    /** Whether one more from there is told. */
    boolean isTold(InetAddress address) {
        look();
        List<Rest> rests = new ArrayList<>(0);
        boolean isTold;
        synchronized (this) {
            if (windows.size() >= addresses && !windows.containsKey(Network.of(address))) {
                forgetWhile(window -> windows.size() >= addresses, rests);
            }
            Window window = windows.computeIfAbsent(Network.of(address), unknown -> new Window(nanoClock.getAsLong()));
            isTold = window.told < perAddress;
            if (isTold) {
                window.told++;
            } else {
                window.passedOver++;
            }
        }
        tell(rests);
        return isTold;
    }

    private interface Forgotten {
        boolean is(Window oldest);
    }

    private void forgetWhile(Forgotten forgotten, List<Rest> rests) {
        Iterator<Map.Entry<Network, Window>> oldest = windows.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Network, Window> next = oldest.next();
            if (!forgotten.is(next.getValue())) {
                return;
            }
            oldest.remove();
            if (next.getValue().passedOver > 0) {
                rests.add(new Rest(next.getKey().toString(), next.getValue().passedOver));
            }
        }
    }

    /** Tells what was counted in minutes that are over. */
    void look() {
        long now = nanoClock.getAsLong();
        forget(window -> now - window.since >= WINDOW.toNanos());
    }

    /** Tells all that was counted. */
    void close() {
        forget(window -> true);
    }

    private void forget(Forgotten forgotten) {
        List<Rest> rests = new ArrayList<>(0);
        synchronized (this) {
            forgetWhile(forgotten, rests);
        }
        tell(rests);
    }

    private void tell(List<Rest> rests) {
        rests.forEach(rest -> counts.tell(rest.address(), rest.times()));
    }
}
