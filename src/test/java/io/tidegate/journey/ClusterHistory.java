package io.tidegate.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What publishers of a shared feed were told, on whatever node. Thread-safe. */
final class ClusterHistory {

    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final Set<String> notTaken = ConcurrentHashMap.newKeySet();
    /** What followers saw: of each number what it was, and of each change its number. */
    private final Map<Long, String> numbers = new ConcurrentHashMap<>();

    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final AtomicLong counted = new AtomicLong();
    private final List<Long> latencies = new ArrayList<>();

    /** A change was accepted under a number. */
    synchronized void accepted(String id, long seq, long nanos) {
        accepted.put(id, seq);
        latencies.add(nanos);
        notifyAll();
    }

    /** A change was certainly not taken, and was not sent again. */
    void notTaken(String id) {
        notTaken.add(id);
    }

    /** The counter was counted up. */
    void counted() {
        counted.incrementAndGet();
    }

    long count() {
        return counted.get();
    }

    Map<String, Long> accepted() {
        return accepted;
    }

    Set<String> notTaken() {
        return notTaken;
    }

    /** Whether a change that a follower saw is, under that number, what all others have seen, and was seen under no other. */
    boolean saw(long seq, String id) {
        Long before = seen.putIfAbsent(id, seq);
        return (before == null || before == seq) && sawAnother(seq, id);
    }

    /** The same of what has no name. */
    boolean sawAnother(long seq, String what) {
        String before = numbers.putIfAbsent(seq, what);
        return before == null || before.equals(what);
    }

    /**
     * Checks what publishers were told against what followers saw, who all saw the same.
     *
     * @param first the first number behind which somebody has seen all
     */
    void requireTrue(long first) {
        accepted.forEach((id, number) -> {
            if (number > first && !number.equals(seen.get(id))) {
                throw new AssertionError(id + " was accepted as " + number + ", and followers saw " + seen.get(id));
            }
        });
        for (String id : notTaken) {
            if (seen.containsKey(id)) {
                throw new AssertionError(id + " was not to be taken, and followers saw " + seen.get(id));
            }
        }
    }

    /** Waits until so many more are accepted. */
    synchronized void awaitMore(int more) throws InterruptedException {
        int wanted = accepted.size() + more;
        long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
        while (accepted.size() < wanted) {
            long left = (giveUpAt - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("waited in vain for " + more + " changes to be accepted");
            }
            wait(left);
        }
    }

    /** Milliseconds from a put to its answer. */
    synchronized double latency(double part) {
        List<Long> sorted = latencies.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) (part * (sorted.size() - 1))) / 1e6;
    }
}
