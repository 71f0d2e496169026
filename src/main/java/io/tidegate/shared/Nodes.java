package io.tidegate.shared;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that were heard of, by their names.
 *
 * <p>Whether one is gone goes by the time of the log: while nobody hears of anybody, since the log is away, nobody is gone.
 *
 * <p>Thread-safe.
 */
final class Nodes {

    /** More than any feed has; beyond it who was heard of longest ago is forgotten. */
    static final int MOST = 1000;

    /** A node may miss to tell of itself, or be late, and is still there. */
    private static final int MISSED = 3;

    /**
     * What was heard of a node last.
     *
     * @param lag by which it was behind the others then
     */
    private record Heard(Node node, long atMillis, long lag) {}

    private final long patienceMillis;
    private final LongSupplier nanoClock;

    // Guarded by this.
    /** Who was heard of longest ago comes first. */
    private final Map<String, Heard> heard = new LinkedHashMap<>();

    private long millis;
    private long millisAtNanos;
    private long furthest;

    /**
     * Nodes of which nothing was heard yet.
     *
     * @param interval how often each tells of itself
     * @param nanoClock tells how much time has passed since something was read
     */
    Nodes(Duration interval, LongSupplier nanoClock) {
        patienceMillis = interval.multipliedBy(MISSED).toMillis();
        this.nanoClock = nanoClock;
    }

    /** So late it is by the log, which may go back a little. */
    synchronized void passed(long atMillis) {
        if (atMillis > millis) {
            millis = atMillis;
            millisAtNanos = nanoClock.getAsLong();
        }
    }

    /**
     * A node has told of itself.
     *
     * @param head of this node, which has read everything before that
     */
    synchronized void heard(Node node, long atMillis, long head) {
        passed(atMillis);
        furthest = Math.max(furthest, Math.max(head, node.head()));
        heard.remove(node.name());
        heard.put(node.name(), new Heard(node, millis, furthest - node.head()));
        heard.values().removeIf(this::isGone);
        if (heard.size() > MOST) {
            heard.remove(heard.keySet().iterator().next());
        }
    }

    private boolean isGone(Heard each) {
        return millis - each.atMillis() >= patienceMillis;
    }

    /**
     * This node, the others that are there, and those that have just said that they leave.
     *
     * @param self this node as it is now; null if it does not tell of itself yet
     */
    synchronized List<Node> present(@Nullable Node self) {
        return Stream.concat(Stream.ofNullable(self), others(self).map(Heard::node))
                .toList();
    }

    /** The same with all that is known of them, the others by their names. */
    synchronized List<NodeStatus> statuses(@Nullable Node self) {
        return Stream.concat(
                        Stream.ofNullable(self).map(this::status),
                        others(self)
                                .map(each -> new NodeStatus(each.node(), false, each.lag(), age(each)))
                                .sorted(Comparator.comparing(
                                        status -> status.node().name())))
                .toList();
    }

    private NodeStatus status(Node self) {
        Heard last = heard.get(self.name());
        return new NodeStatus(self, true, Math.max(0, furthest - self.head()), last == null ? null : age(last));
    }

    private Stream<Heard> others(@Nullable Node self) {
        return heard.values().stream()
                .filter(each -> !isGone(each))
                .filter(each -> self == null || !each.node().name().equals(self.name()));
    }

    private Duration age(Heard each) {
        return Duration.ofMillis(millis - each.atMillis()).plusNanos(nanoClock.getAsLong() - millisAtNanos);
    }
}
