package io.tidegate.feed;

import java.util.Arrays;

/**
 * What is known of the updates that concern an {@link Interest}: between which numbers they are. Immutable.
 *
 * <p>Of the last commits that had some it knows the first and the last one; up to where these begin, any update may be one.
 */
final class Matches {

    /** Commits that are told apart: a follower that sleeps is woken by the first of them, and seldom misses many. */
    private static final int COMMITS = 4;

    /** Every update is one. */
    static final Matches ALL = upTo(Long.MAX_VALUE);

    /** What {@link #next} returns when nothing is known to come. */
    static final long NOTHING = Long.MAX_VALUE;

    /** The last number of what may be anywhere before, then the first and the last one of each commit. */
    private final long[] bounds;

    private Matches(long... bounds) {
        this.bounds = bounds;
    }

    /** Any update up to {@code seq} may be one, none after it. */
    static Matches upTo(long seq) {
        return new Matches(seq);
    }

    /** With those of the commit that follows. */
    Matches and(long first, long last) {
        int end = bounds.length;
        if (end < 1 + 2 * COMMITS) {
            long[] more = Arrays.copyOf(bounds, end + 2);
            more[end] = first;
            more[end + 1] = last;
            return new Matches(more);
        }
        // The oldest commit becomes one of those in which they may be anywhere.
        long[] moved = Arrays.copyOfRange(bounds, 2, end + 2);
        moved[end - 2] = first;
        moved[end - 1] = last;
        return new Matches(moved);
    }

    /** The first number after {@code seq} that may be one, {@link #NOTHING} if there is none. */
    long next(long seq) {
        int at = rangeOf(seq + 1);
        return at >= bounds.length ? NOTHING : at == 0 ? seq + 1 : Math.max(seq + 1, bounds[at - 1]);
    }

    /** Up to which number all may be that follow {@code first}, which is {@link #next}. */
    long lastFrom(long first) {
        return bounds[rangeOf(first)];
    }

    /** Which of the bounds is the least last one that is not before {@code seq}; behind them all if there is none. */
    private int rangeOf(long seq) {
        int at = bounds.length + 1;
        while (at >= 2 && seq <= bounds[at - 2]) {
            at -= 2;
        }
        return at;
    }
}
