package io.tidegate.cli.bench;

/** How far the followers are together, told in steps: to wake the publishers for each update would cost more than it. */
interface Progress {

    /**
     * One follower got on, from so many updates to so many.
     *
     * @return whether the next step is done
     */
    boolean advance(long before, long now);
}
