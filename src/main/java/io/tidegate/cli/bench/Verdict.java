package io.tidegate.cli.bench;

/**
 * Whether every follower received every update once and in order, and every publisher its answers; sums over all of them.
 *
 * @param foreign updates of somebody else's in the collection, which make the figures doubtful but are no fault
 */
record Verdict(long lost, long duplicated, long outOfOrder, long unanswered, long foreign) {

    static final Verdict CLEAN = new Verdict(0, 0, 0, 0, 0);

    Verdict plus(Follower follower) {
        OrderCheck order = follower.order();
        return new Verdict(
                lost + order.lost(),
                duplicated + order.duplicated(),
                outOfOrder + order.outOfOrder(),
                unanswered,
                foreign + follower.foreign());
    }

    Verdict withUnanswered(long puts) {
        return new Verdict(lost, duplicated, outOfOrder, puts, foreign);
    }

    boolean isClean() {
        return lost == 0 && duplicated == 0 && outOfOrder == 0 && unanswered == 0;
    }

    @Override
    public String toString() {
        return lost + " lost, " + duplicated + " duplicated, " + outOfOrder + " out of order, " + unanswered
                + " unanswered";
    }
}
