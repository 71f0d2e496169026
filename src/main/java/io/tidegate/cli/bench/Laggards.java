package io.tidegate.cli.bench;

import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The followers that stop reading in the middle of a run, and come back. Told when by any thread, which the followers'
 * thread heeds in its next turn; what they found can be read when that has ended.
 */
final class Laggards {

    /** Where one of them was when it came back, and when it had caught up. */
    private static final class CatchUp {
        private final Follower follower;
        private final long fromNanos;
        private final long fromUpdates;
        private double updatesPerSecond;

        CatchUp(Follower follower, long nowNanos) {
            this.follower = follower;
            this.fromNanos = nowNanos;
            this.fromUpdates = follower.order().passed();
        }

        void end(long nowNanos) {
            long updates = follower.order().passed() - fromUpdates;
            updatesPerSecond = updates / RunClock.secondsOf(Math.max(1, nowNanos - fromNanos));
        }
    }

    private final List<SelectionKey> keys = new ArrayList<>();
    private final List<CatchUp> caughtUp = new ArrayList<>();
    private final List<CatchUp> behind = new ArrayList<>();

    private volatile boolean toStall;
    private boolean stalled;
    private final AtomicInteger away = new AtomicInteger();

    /** One more. Before the start. */
    void add(SelectionKey key) {
        keys.add(key);
    }

    // ---- any thread

    void stall() {
        away.set(keys.size());
        toStall = true;
    }

    void resume() {
        toStall = false;
    }

    /** Whether all are where the others are. */
    boolean haveCaughtUp() {
        return away.get() == 0;
    }

    // ---- the followers' thread

    /** Stops reading, or goes on, if it was told to. */
    void turn(RunClock clock) {
        if (stalled != toStall) {
            stalled = toStall;
            long now = clock.nanos();
            for (SelectionKey key : keys) {
                key.interestOps(stalled ? 0 : SelectionKey.OP_READ);
                if (!stalled) {
                    behind.add(new CatchUp((Follower) key.attachment(), now));
                }
            }
        }
    }

    /** Notes who has caught up, after a round of reading. */
    void look(double othersUpdates, RunClock clock) {
        if (!behind.isEmpty()) {
            long now = clock.nanos();
            behind.removeIf(catchUp -> hasCaughtUp(catchUp, othersUpdates, now));
        }
    }

    private boolean hasCaughtUp(CatchUp catchUp, double othersUpdates, long now) {
        if (catchUp.follower.order().passed() < othersUpdates) {
            return false;
        }
        catchUp.end(now);
        caughtUp.add(catchUp);
        away.decrementAndGet();
        return true;
    }

    // ---- after the end of that thread

    /** Updates a second of one of them while it caught up, on average. */
    double catchUpPerSecond() {
        return caughtUp.stream()
                .mapToDouble(catchUp -> catchUp.updatesPerSecond)
                .average()
                .orElse(0);
    }
}
