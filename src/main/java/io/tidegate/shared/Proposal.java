package io.tidegate.shared;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Ordered;
import io.tidegate.feed.Publication;
import org.jspecify.annotations.Nullable;

/** A change that was published on another node, or here before a restart: nobody waits for it. */
record Proposal(Change change, Precondition precondition, @Nullable PublicationId id) implements Ordered {

    @Override
    public @Nullable Publication own() {
        return null;
    }
}
