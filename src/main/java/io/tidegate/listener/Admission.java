package io.tidegate.listener;

import io.tidegate.ledger.Ledger;
import io.tidegate.settings.Section;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How many connections are served at once, by all listeners that share it, and the numbers they get. Thread-safe. */
public final class Admission {

    private volatile int most;
    private final String setting;
    private final Ledger ledger;
    private final AtomicLong numbers = new AtomicLong();

    /** Connections that the manager was told of, or will be. */
    private final AtomicLong served = new AtomicLong();

    /** Those for whom there was no place, whatever their address. */
    private final AtomicLong refused = new AtomicLong();

    private final boolean makesRoom;
    private final @Nullable AddressLimits addresses;

    private Admission(int most, String setting, Ledger ledger, boolean makesRoom, @Nullable AddressLimits addresses) {
        this.most = most;
        this.addresses = addresses;
        this.makesRoom = makesRoom;
        this.setting = setting;
        this.ledger = ledger;
    }

    /**
     * Admits so many at once.
     *
     * @param setting where that was set, for who is asked to raise it
     * @param ledger knows how many have ended
     */
    public static Admission create(int most, String setting, Ledger ledger) {
        return new Admission(most, setting, ledger, false, null);
    }

    /** The same, but who finds it full gets in all the same, and the connection that was idle longest has to go. */
    public static Admission makingRoom(int most, String setting, Ledger ledger) {
        return new Admission(most, setting, ledger, true, null);
    }

    /** The same, but none of an address that has too many. */
    public Admission limiting(AddressLimits byAddress) {
        return new Admission(most, setting, ledger, makesRoom, byAddress);
    }

    /** Other limits from now on. Those who are in stay. */
    public void limit(int newMost, AddressLimits.Settings byAddress, long nowNanos) {
        most = newMost;
        if (addresses != null) {
            addresses.limit(byAddress, nowNanos);
        }
    }

    /** Whether who finds it full gets in all the same. */
    boolean makesRoom() {
        return makesRoom;
    }

    /** Reads {@code max-connections} of the section of connections. */
    public static int mostFrom(Section connection) {
        return connection.numberOrAuto("max-connections", 1, 1_000_000, Descriptors.forConnections());
    }

    int most() {
        return most;
    }

    String setting() {
        return setting;
    }

    /**
     * Why somebody gets no place.
     *
     * @param message for the client
     * @param isForAddress whether another address would have got one
     */
    record Refusal(String message, boolean isForAddress) {}

    /**
     * Takes a place, if one is free or can be made, for a connection that is going to {@linkplain #left leave}.
     *
     * @param makeRoom has somebody go who is of no use here, if there is somebody
     * @return null if it gets one
     */
    @Nullable
    Refusal admit(InetAddress address, long nowNanos, BooleanSupplier makeRoom) {
        String ofAddress = addresses == null ? null : addresses.admit(address, nowNanos);
        if (ofAddress != null) {
            return new Refusal(ofAddress, true);
        }
        if (admit()) {
            return null;
        }
        if (makesRoom && makeRoom.getAsBoolean()) {
            // Of a connection that is about to give it back.
            served.incrementAndGet();
            return null;
        }
        left(address);
        refused.incrementAndGet();
        return new Refusal(
                "the server serves " + most
                        + " connections already: close one, or try again later; its operator can raise " + setting,
                false);
    }

    private boolean admit() {
        long now = served.get();
        while (now - ledger.totals().ended() < most) {
            if (served.compareAndSet(now, now + 1)) {
                return true;
            }
            now = served.get();
        }
        return false;
    }

    /** A connection of that address is gone. */
    void left(InetAddress address) {
        if (addresses != null) {
            addresses.left(address);
        }
    }

    /** To be called regularly. */
    void look(long nowNanos) {
        if (addresses != null) {
            addresses.forget(nowNanos);
        }
    }

    /** Connections that found no place since the start, be it that all were taken or that their address had too many. */
    public long refused() {
        return refused.get() + (addresses == null ? 0 : addresses.refused());
    }

    /** Gives a place back of whom the manager was not told. */
    void giveBack(InetAddress address) {
        served.decrementAndGet();
        left(address);
    }

    /** For the next connection; unique in one run of the server. */
    long nextId() {
        return numbers.incrementAndGet();
    }
}
