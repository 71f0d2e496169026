package io.tidegate.feed;

/** What came to pass among followers, so that it can be seen that everything did. */
final class FollowTally {
    int resumed;
    int lost;
    int snapshots;
    int selected;

    /** How often some were sent less than every step. */
    int leftOut;
}
