package io.tidegate.document;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which documents a snapshot or a subscription covers: everything, or what a list of selectors names together.
 *
 * <p>It remembers the selectors as they were given, since they can be taken back one by one. Two selections are equal if they cover
 * the same, so that what was made for one serves for the other. Immutable.
 */
public final class Selection {

    public static final Selection ALL = new Selection(true, Collections.emptySortedSet());
    public static final Selection NONE = new Selection(false, Collections.emptySortedSet());

    private final boolean isAll;
    private final SortedSet<Selector> given;

    /** Without those that others cover. */
    private final List<Selector> least;

    private final Map<Collection, Keys> keys = new HashMap<>();
    private final int hash;

    private Selection(boolean isAll, SortedSet<Selector> given) {
        this.isAll = isAll;
        this.given = given;
        least = least(given);
        least.stream()
                .collect(Collectors.groupingBy(Selector::collection))
                .forEach((collection, selectors) -> keys.put(collection, Keys.of(selectors)));
        hash = isAll ? 1 : least.hashCode();
    }

    /** In order, a selector is covered by one that comes before it, or by a prefix of the same text. */
    private static List<Selector> least(SortedSet<Selector> given) {
        List<Selector> least = new ArrayList<>();
        for (Selector next : given) {
            int last = least.size() - 1;
            if (last >= 0 && next.covers(least.get(last))) {
                least.set(last, next);
            } else if (last < 0 || !least.get(last).covers(next)) {
                least.add(next);
            }
        }
        return List.copyOf(least);
    }

    /** What these name; nothing if there are none. */
    public static Selection of(Iterable<? extends Selector> selectors) {
        var given = new TreeSet<Selector>();
        selectors.forEach(given::add);
        return given.isEmpty() ? NONE : new Selection(false, Collections.unmodifiableSortedSet(given));
    }

    /** The collections as a whole; everything if none is named. */
    public static Selection ofCollections(Iterable<Collection> collections) {
        List<Selector> selectors = new ArrayList<>();
        collections.forEach(each -> selectors.add(new Selector.Whole(each)));
        return selectors.isEmpty() ? ALL : of(selectors);
    }

    public boolean isAll() {
        return isAll;
    }

    public boolean isNone() {
        return !isAll && given.isEmpty();
    }

    /** The selectors as they were given, in order; none for {@link #ALL}. */
    public SortedSet<Selector> given() {
        return given;
    }

    /** The fewest selectors that cover the same, in order; none for {@link #ALL}. No two of them cover the same document. */
    public List<Selector> least() {
        return least;
    }

    /** Which keys of a collection it covers; {@link Keys#NONE} if it has nothing to do with it. */
    public Keys keysOf(Collection collection) {
        return isAll ? Keys.ALL : keys.getOrDefault(collection, Keys.NONE);
    }

    public boolean includes(DocumentName name) {
        Keys covered = keysOf(name.collection());
        return covered == Keys.ALL
                || (covered != Keys.NONE
                        && keySelectors(name.collection()).stream().anyMatch(one -> one.includes(name)));
    }

    private List<Selector> keySelectors(Collection collection) {
        return least.stream().filter(one -> one.collection().equals(collection)).toList();
    }

    /** Whether one of its selectors covers all of that one. */
    public boolean covers(Selector selector) {
        return isAll || least.stream().anyMatch(one -> one.covers(selector));
    }

    /** Whether it covers all that the other one does. */
    public boolean covers(Selection other) {
        return isAll || (!other.isAll && other.least.stream().allMatch(this::covers));
    }

    /** What both cover: of two selectors that have a document in common, one covers the other. */
    public Selection within(Selection other) {
        if (isAll || other.isAll) {
            return isAll ? other : this;
        }
        List<Selector> both = new ArrayList<>(least);
        both.removeIf(one -> !other.covers(one));
        other.least.stream().filter(this::covers).forEach(both::add);
        return of(both);
    }

    /** With more selectors; {@link #ALL} has everything already. */
    public Selection with(Iterable<Selector> more) {
        if (isAll) {
            return this;
        }
        var all = new TreeSet<>(given);
        more.forEach(all::add);
        return of(all);
    }

    /** Without these of the selectors that it was given. */
    public Selection without(Iterable<Selector> fewer) {
        var rest = new TreeSet<>(given);
        fewer.forEach(rest::remove);
        return isAll ? this : of(rest);
    }

    /** How many bytes its selectors are as words of a request. */
    public int bytes() {
        return given.stream()
                .mapToInt(one -> one.toString().getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Selection that
                        && hash == that.hash
                        && isAll == that.isAll
                        && least.equals(that.least));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** For people: {@code all}, {@code none}, or its selectors. */
    @Override
    public String toString() {
        return isAll
                ? "all"
                : given.isEmpty()
                        ? "none"
                        : given.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
