package io.tidegate.document;

/**
 * A document as it stands. Immutable.
 *
 * @param position of the update that gave it its value: it changes with every put, also with one of the same value
 */
public record StoredDocument(Position position, Json value) {}
