package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import org.jspecify.annotations.Nullable;

/** A change that has its place in the order, whichever node it was published on. */
public interface Ordered {

    Change change();

    /** What must be so when its turn comes. */
    Precondition precondition();

    /** What is settled by it; null if it was not published here, or before a restart. */
    @Nullable
    Publication own();

    /** Whether it has to be known where its document stands. */
    default boolean isConditional() {
        return !(precondition() instanceof Precondition.None);
    }
}
