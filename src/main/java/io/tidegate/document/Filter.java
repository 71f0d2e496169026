package io.tidegate.document;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which collections a snapshot or a subscription covers.
 *
 * @param collections the named collections in order; empty means all
 */
public record Filter(SortedSet<Collection> collections) {

    public static final Filter ALL = new Filter(new TreeSet<>());

    public Filter {
        collections = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(collections));
    }

    public static Filter of(Iterable<Collection> names) {
        var set = new TreeSet<Collection>();
        names.forEach(set::add);
        return set.isEmpty() ? ALL : new Filter(set);
    }

    public boolean isAll() {
        return collections.isEmpty();
    }

    public boolean includes(Collection collection) {
        return collections.isEmpty() || collections.contains(collection);
    }
}
