package io.tidegate.feed;

import java.util.List;

/**
 * The collections that have documents, in the order of their names.
 *
 * @param seq of the last update that is counted
 */
public record CollectionSizes(long seq, List<CollectionSize> collections) {

    public CollectionSizes {
        collections = List.copyOf(collections);
    }
}
