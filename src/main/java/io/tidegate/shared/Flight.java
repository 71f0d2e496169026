package io.tidegate.shared;

import io.tidegate.feed.Publication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node has proposed and not read yet, and what is to be proposed once more.
 *
 * <pre>
 *  propose ─► under way, by life and number ─► read: settled
 *                    │  the life is over, and that was read
 *                    └─► again ─► propose
 * </pre>
 *
 * <p>Not thread-safe: guarded by the lock of its order.
 */
final class Flight {

    private record Proposed(Life life, long number) {}

    private final Map<Proposed, List<Publication>> underWay = new LinkedHashMap<>();
    /** Of these it is known that they are not in the log. */
    private final Set<Proposed> notAppended = new HashSet<>();

    private final List<List<Publication>> again = new ArrayList<>();

    private Life life = Life.begin();
    private long last;
    private long bytes;
    private boolean isEnding;

    Life life() {
        return life;
    }

    /** The number of the next record. */
    long next() {
        last++;
        return last;
    }

    void propose(long number, List<Publication> group) {
        underWay.put(new Proposed(life, number), group);
        bytes += weight(group);
    }

    private static long weight(List<Publication> group) {
        return group.stream()
                .mapToLong(publication -> publication.change().weight())
                .sum();
    }

    /** What was read; null if it was not proposed here, or was read before. */
    @Nullable
    List<Publication> of(Header header) {
        var proposed = new Proposed(header.life(), header.number());
        // Of what was certainly not appended some may have been told so: what is read counts as it is in the log.
        return isCertain(proposed) ? null : underWay.get(proposed);
    }

    /** The log has not taken it: it is proposed once more with what may be lost, in its order. */
    void notAppended(Header header) {
        notAppended.add(new Proposed(header.life(), header.number()));
    }

    /** It was read, and is over. */
    void remove(Header header) {
        var unused = remove(new Proposed(header.life(), header.number()));
    }

    private List<Publication> remove(Proposed proposed) {
        List<Publication> group = underWay.remove(proposed);
        notAppended.remove(proposed);
        bytes -= group == null ? 0 : weight(group);
        return group == null ? List.of() : group;
    }

    int groups() {
        return underWay.size();
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return underWay.isEmpty() && again.isEmpty();
    }

    /** Whether it is not known yet that former lives are over: nothing is proposed meanwhile. */
    boolean isEnding() {
        return isEnding;
    }

    /** The life is over. Returns the lives that have to be ended for all nodes. */
    List<Life> endLife() {
        Set<Life> former = new LinkedHashSet<>();
        underWay.keySet().forEach(number -> former.add(number.life()));
        former.add(life);
        life = Life.begin();
        last = 0;
        isEnding = true;
        return List.copyOf(former);
    }

    /** It was read that these are over: what of them was not read before never will be, and is proposed once more. */
    void ended(Life by, List<Life> former) {
        if (!by.equals(life)) {
            return;
        }
        isEnding = false;
        Set<Life> over = new HashSet<>(former);
        List<Proposed> those = underWay.keySet().stream()
                .filter(number -> over.contains(number.life()))
                .toList();
        for (Proposed proposed : those) {
            addAgain(remove(proposed));
        }
    }

    /** Those who were told that nobody knows do not wait any more. */
    private void addAgain(List<Publication> group) {
        List<Publication> waiting =
                group.stream().filter(publication -> !publication.isSettled()).toList();
        if (!waiting.isEmpty()) {
            again.add(waiting);
        }
    }

    /** What is to be proposed once more; null if nothing is. */
    @Nullable
    List<Publication> takeAgain() {
        return again.isEmpty() ? null : again.remove(0);
    }

    /** What was offered up to then: what is certainly not taken, and is not proposed any more, and what may be. */
    void offeredUntil(long nanos, Consumer<Publication> notTaken, Consumer<Publication> unknown) {
        again.replaceAll(group -> without(group, nanos, notTaken));
        again.removeIf(List::isEmpty);
        underWay.replaceAll((number, group) -> {
            if (isCertain(number)) {
                List<Publication> left = without(group, nanos, notTaken);
                bytes -= weight(group) - weight(left);
                return left;
            }
            group.stream().filter(each -> isOld(each, nanos)).forEach(unknown);
            return group;
        });
    }

    private static List<Publication> without(List<Publication> group, long nanos, Consumer<Publication> old) {
        group.stream().filter(each -> isOld(each, nanos)).forEach(old);
        return group.stream().filter(each -> !isOld(each, nanos)).toList();
    }

    private boolean isCertain(Proposed proposed) {
        return notAppended.contains(proposed);
    }

    private static boolean isOld(Publication publication, long nanos) {
        return !publication.isSettled() && publication.offeredAtNanos() - nanos <= 0;
    }

    /** Gives up on all of it: what is certainly not taken, and what may be. */
    void clear(Consumer<Publication> notTaken, Consumer<Publication> unknown) {
        again.forEach(group -> group.forEach(notTaken));
        underWay.forEach((number, group) -> group.forEach(isCertain(number) ? notTaken : unknown));
        again.clear();
        underWay.clear();
        notAppended.clear();
        bytes = 0;
    }
}
