package io.tidegate.feed;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the followers of a hub in rounds: in each, every follower gets a turn that has read everything and whom something new concerns.
 *
 * <pre>
 *  commit ─► request ─► [ turn, turn, turn, … turn, end ] pause [ turn, turn, …
 *                         commits gather meanwhile               and are sent by one write
 * </pre>
 *
 * <p>The start of a round queues up behind the turns of the one before, so what is committed meanwhile is one write to each
 * follower in the next: the busier the server, the fewer writes for each update. After a round there is a pause, in
 * proportion to what the round took; without it the first updates of a burst would start a round of their own, which costs as
 * much as one for all of them. A round of a few followers is over at once, and so is its pause. Thread-safe.
 */
final class Rounds {

    /** The pause is this part of the round: it costs a follower little, and a burst of requests is read in it. */
    private static final int PAUSE_DIVISOR = 3;

    /** A timer is not exact enough for less. */
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Hub hub;
    private final Executor turns;
    private final long longestPauseNanos;
    private final Wakeup request;
    private volatile long nextAt;

    /**
     * Rounds of one hub.
     *
     * @param turns gives the followers their turns, in order
     * @param longestPause the pause is never longer
     */
    Rounds(Hub hub, Executor turns, Duration longestPause) {
        this.hub = hub;
        this.turns = turns;
        longestPauseNanos = longestPause.toNanos();
        request = new Wakeup(turns, this::start);
        nextAt = System.nanoTime();
    }

    /** Asks for a round after the one that is under way. */
    void request() {
        request.signal();
    }

    private void start() {
        long now = System.nanoTime();
        long pause = nextAt - now;
        if (pause >= SHORTEST_PAUSE_NANOS) {
            CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, turns)
                    .execute(this::start);
            return;
        }
        request.reset();
        hub.wakeParked(turns);
        turns.execute(() -> end(now));
    }

    private void end(long startedAt) {
        long now = System.nanoTime();
        nextAt = now + Math.min((now - startedAt) / PAUSE_DIVISOR, longestPauseNanos);
    }
}
