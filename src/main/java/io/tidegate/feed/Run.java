package io.tidegate.feed;

import io.tidegate.document.Selection;

/**
 * What a follower at one place is sent next: the same bytes for all that stand there.
 *
 * @param after the place: the last sequence number that the follower has
 * @param maxBytes the run ends with the batch that reaches this many
 * @param last the last sequence number that the follower has after it
 * @param lines what it is sent, in one array
 */
record Run(long after, Selection selection, int maxBytes, long last, EventLines lines) {

    /** Where runs for this place and selection are remembered, among so many; a power of two. */
    static int slot(long place, Selection selection, int slots) {
        return (31 * Long.hashCode(place) + selection.hashCode()) & (slots - 1);
    }

    boolean isFor(long place, Selection wanted, int bytes) {
        return after == place && maxBytes == bytes && selection.equals(wanted);
    }

    boolean isFull() {
        return lines.size() >= maxBytes;
    }
}
