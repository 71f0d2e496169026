package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import org.jspecify.annotations.Nullable;

/** A change that has its place in the order, whichever node it was published on. */
public interface Ordered {

    Change change();

    /** What must be so when its turn comes. */
    Precondition precondition();

    /** What its publisher calls it, by which it takes effect once; null if it has no name. */
    @Nullable
    PublicationId id();

    /** What is settled by it; null if it was not published here, or before a restart. */
    @Nullable
    Publication own();

    /** Whether it has to be looked whether it takes effect. */
    default boolean isConditional() {
        return id() != null || !(precondition() instanceof Precondition.None);
    }
}
