package io.tidegate.document;

/**
 * One document as a snapshot shows it.
 *
 * @param seq sequence number of the update that gave it this value
 */
public record Document(Collection collection, Key key, long seq, Json value) {}
