package io.tidegate.client;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Position;

/**
 * What a follower learns of the documents that it follows, in this order:
 *
 * <pre>
 *  Reset ─► Document* ─► Current ─► ( Put | Delete | Condensed | Current )*
 *    ▲                                                    │ a snapshot is needed anew: what was told before is void
 *    └────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Updates come in the order of their positions, without gaps and without duplicates, over however many connections.
 */
public sealed interface Event {

    /** All documents come anew: what was told before does not count any more when {@link Current} has come. */
    record Reset(String reason) implements Event {}

    /** A document as it is in a snapshot. */
    record Document(DocumentName name, Json value) implements Event {}

    /** The document has this value from that position on. */
    record Put(DocumentName name, Json value, Position position) implements Event {}

    /** There is no document of that name from that position on. */
    record Delete(DocumentName name, Position position) implements Event {}

    /**
     * The server does not have every step any more that was missed: until {@link Current} of each document that has changed comes its newest
     * form only, so what has come by then is that of no one position.
     */
    record Condensed(String reason) implements Event {}

    /** All that there was up to that position has been told. */
    record Current(Position position) implements Event {}
}
