package io.tidegate.document;

/**
 * A change with its place in the order of the feed.
 *
 * @param seq sequence number; the first update of a log has 1, each next one has one more
 * @param change what was done
 */
public record Update(long seq, Change change) {}
