package io.tidegate.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Those who wait until the feed has come to a place: their clients were told of it by a server that is ahead.
 *
 * <p>They wait for a bounded time, which passes by {@link #look}. Who cancels is forgotten at once. Thread-safe.
 */
final class Barrier {

    private record Waiting(long seq, long deadlineNanos, CompletableFuture<Boolean> arrival) {}

    private final Hub hub;
    private final Executor turns;
    private final long longestNanos;

    /** Guarded by this, as the next two, of which the first is also read without. */
    private final Set<Waiting> all = new LinkedHashSet<>();

    /** So that a commit costs no lock while nobody waits. */
    private volatile boolean isAwaited;

    private boolean ended;

    /**
     * Nobody waits yet.
     *
     * @param turns tells those who waited
     * @param longest nobody waits for longer; zero: nobody waits
     */
    Barrier(Hub hub, Executor turns, Duration longest) {
        this.hub = hub;
        this.turns = turns;
        longestNanos = longest.toNanos();
    }

    /** Whether the feed has come to {@code seq} in time: at once if it has, or nobody may wait. */
    CompletableFuture<Boolean> await(long seq, long nowNanos) {
        CompletableFuture<Boolean> arrival = new CompletableFuture<>();
        var waiting = new Waiting(seq, nowNanos + longestNanos, arrival);
        if (hub.head() >= seq || longestNanos == 0 || !add(waiting)) {
            arrival.complete(hub.head() >= seq);
            return arrival;
        }
        var unused = arrival.whenComplete((arrived, cancelled) -> remove(waiting));
        // Committed between the look and the waiting.
        headMoved();
        return arrival;
    }

    private synchronized boolean add(Waiting waiting) {
        if (!ended) {
            all.add(waiting);
            isAwaited = true;
        }
        return !ended;
    }

    private synchronized void remove(Waiting waiting) {
        all.remove(waiting);
        isAwaited = !all.isEmpty();
    }

    /** After each commit. */
    void headMoved() {
        if (isAwaited) {
            long head = hub.head();
            tell(waiting -> waiting.seq() <= head, true);
        }
    }

    /** Those whose time is over wait no longer. */
    void look(long nowNanos) {
        if (isAwaited) {
            tell(waiting -> nowNanos - waiting.deadlineNanos() >= 0, false);
        }
    }

    /** Nobody waits any more. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        tell(waiting -> true, false);
    }

    private void tell(Predicate<Waiting> which, boolean arrived) {
        List<Waiting> told = new ArrayList<>();
        synchronized (this) {
            all.stream().filter(which).forEach(told::add);
            told.forEach(all::remove);
            isAwaited = !all.isEmpty();
        }
        told.forEach(waiting -> turns.execute(() -> waiting.arrival().complete(arrived)));
    }

    /** How many wait. */
    synchronized int size() {
        return all.size();
    }
}
