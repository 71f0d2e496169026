package io.tidegate.document;

import org.jspecify.annotations.Nullable;

/**
 * A document in its newest form.
 *
 * @param seq sequence number of the update that left it so
 * @param value null if it was deleted
 */
public record Changed(DocumentName name, long seq, @Nullable Json value) {}
