package io.tidegate.feed;

/** Which of the steps between two places a cursor hands out. */
public enum Steps {
    /** Every one; where the log does not hold them any more, the cursor is lost. */
    EVERY,
    /** Every one that the log holds; beyond that, what changed in its newest form, as far back as that is known. */
    RETAINED,
    /** Every one while the follower keeps up; otherwise what changed, once each, in its newest form. */
    NEWEST
}
