package io.tidegate.cli.bench;

/** Where followers have different selections: steps of a number of deliveries. Used by the followers' thread. */
final class SharedProgress implements Progress {

    private final long stepDeliveries;
    private long deliveries;

    /** @param window deliveries that are on their way at most */
    SharedProgress(long window) {
        stepDeliveries = Math.max(1, window / SlowestFollower.STEPS_IN_A_WINDOW);
    }

    @Override
    public boolean advance(long before, long now) {
        long step = deliveries / stepDeliveries;
        deliveries += now - before;
        return deliveries / stepDeliveries > step;
    }
}
