package io.tidegate.listener;

import io.tidegate.ledger.Ledger;
import io.tidegate.settings.Section;
import java.util.concurrent.atomic.AtomicLong;

/** How many connections are served at once, by all listeners that share it, and the numbers they get. Thread-safe. */
public final class Admission {

    private final int most;
    private final String setting;
    private final Ledger ledger;
    private final AtomicLong numbers = new AtomicLong();

    /** Connections that the manager was told of, or will be. */
    private final AtomicLong served = new AtomicLong();

    private final AtomicLong refused = new AtomicLong();

    private final boolean makesRoom;

    private Admission(int most, String setting, Ledger ledger, boolean makesRoom) {
        this.most = most;
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
        return new Admission(most, setting, ledger, false);
    }

    /** The same, but who finds it full gets in all the same, and the connection that was idle longest has to go. */
    public static Admission makingRoom(int most, String setting, Ledger ledger) {
        return new Admission(most, setting, ledger, true);
    }

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

    /** Takes a place that another connection is about to give back. */
    void admitNext() {
        served.incrementAndGet();
    }

    /** Takes a place if one is free. */
    boolean admit() {
        long now = served.get();
        while (now - ledger.totals().ended() < most) {
            if (served.compareAndSet(now, now + 1)) {
                return true;
            }
            now = served.get();
        }
        return false;
    }

    /** Notes that somebody found no place. */
    void refuse() {
        refused.incrementAndGet();
    }

    /** Connections that found no place, since the start. */
    public long refused() {
        return refused.get();
    }

    /** Gives a place back of whom the manager was not told. */
    void giveBack() {
        served.decrementAndGet();
    }

    /** For the next connection; unique in one run of the server. */
    long nextId() {
        return numbers.incrementAndGet();
    }
}
