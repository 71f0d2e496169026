package io.tidegate.feed;

import io.tidegate.document.DocumentName;
import io.tidegate.document.PublicationId;

/**
 * That a change was taken which has a name of its publisher's.
 *
 * @param document that it changed: who may not write that has nothing to do with its ids
 * @param seq the number that it got
 */
public record Taken(DocumentName document, PublicationId id, long seq) {}
