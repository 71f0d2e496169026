package io.tidegate.wire;

import io.tidegate.document.Change;
import io.tidegate.document.Filter;
import io.tidegate.document.Position;
import org.jspecify.annotations.Nullable;

/** What a client asks for in one line. */
public sealed interface Request {

    /** {@code sync [collection…]}: the documents as they are at one position. */
    record Sync(Filter filter) implements Request {}

    /** {@code updates [after <position>] [collection…]}: what changes from now on, or after a position. */
    record Updates(@Nullable Position after, Filter filter) implements Request {}

    /** {@code follow [after <position>] [collection…]}: sync, then updates without a gap or a duplicate. */
    record Follow(@Nullable Position after, Filter filter) implements Request {}

    /** {@code put <collection> <key> <json>} or {@code delete <collection> <key>}. */
    record Publish(Change change) implements Request {}

    /** {@code ping}. */
    record Ping() implements Request {}

    /** {@code help}. */
    record Help() implements Request {}

    /** {@code quit}: answers to all that was asked before, then the end. */
    record Quit() implements Request {}
}
