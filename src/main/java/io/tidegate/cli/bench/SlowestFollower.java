package io.tidegate.cli.bench;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the slowest follower is, in steps of several updates, so that finding it costs next to nothing: a ring counts
 * for each step how many followers have passed it. Written by the followers' thread, read by any.
 */
final class SlowestFollower implements Progress {

    /** A window is this many steps at most, and so no follower is more steps ahead of another. */
    static final int STEPS_IN_A_WINDOW = 16;

    private static final int MASK = 4 * STEPS_IN_A_WINDOW - 1;

    private final int followers;
    private final int stepUpdates;
    private final int[] passed = new int[MASK + 1];
    private final AtomicLong steps = new AtomicLong();

    /** @param window updates that the fastest follower can be ahead of the slowest */
    SlowestFollower(int followers, int window) {
        this.followers = followers;
        this.stepUpdates = Math.max(1, window / STEPS_IN_A_WINDOW);
    }

    /** Updates that all followers have passed, rounded down to a step. */
    long updates() {
        return steps.get() * stepUpdates;
    }

    @Override
    public boolean advance(long before, long now) {
        long last = now / stepUpdates;
        for (long step = before / stepUpdates + 1; step <= last; step++) {
            passed[(int) step & MASK]++;
        }
        long done = steps.get();
        long reached = done;
        while (passed[(int) (reached + 1) & MASK] == followers) {
            reached++;
            passed[(int) reached & MASK] = 0;
        }
        steps.setRelease(reached);
        return reached > done;
    }
}
