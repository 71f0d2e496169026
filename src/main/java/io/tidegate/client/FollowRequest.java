package io.tidegate.client;

import io.tidegate.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a follower asks for on each of its connections.
 *
 * @param onlyNew whether the first one, which has no position, leaves the documents out
 * @param latest whether steps that the follower was too slow for, or was away for, may be left out
 * @param selection the end of the request, from its space on
 */
public record FollowRequest(boolean onlyNew, boolean latest, String selection) {

    /** @param position where it goes on; null if it has seen nothing yet */
    String after(@Nullable Position position) {
        return (onlyNew && position == null ? "updates" : "follow")
                + (latest ? " latest" : "")
                + (position == null ? "" : " after " + position)
                + selection;
    }
}
