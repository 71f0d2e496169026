package io.tidegate.shared;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How far this node is behind the log. Thread-safe; time passes by {@link #look}. */
final class Progress {

    private static final long UNKNOWN = -1;

    private final SharedLog log;
    private final long patienceNanos;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    // Guarded by this.
    private boolean isAsking;
    private long next;
    private long stored;
    private long millis;
    private long end = UNKNOWN;
    private long endAtStart = UNKNOWN;
    private long nowNanos;
    private long answeredAtNanos;
    /** An end that this node has not come to yet, and since when it has not. */
    private long target = UNKNOWN;

    private long targetSinceNanos;

    /**
     * Of a node that goes on reading at {@code next}.
     *
     * @param patience how long it may be behind before it is told
     */
    Progress(SharedLog log, long next, Duration patience) {
        this.log = log;
        this.next = next;
        stored = next;
        patienceNanos = patience.toNanos();
    }

    /** When everything was read that was in the log when this node started. */
    CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    /** Entries of which it is known that they are there, and not read here yet; about, as offsets may have holes. */
    synchronized long lag() {
        return Math.max(0, end - next);
    }

    /** This node has read and stored what is before {@code further}, the newest of it taken by the log at {@code atMillis}. */
    void read(long further, long atMillis) {
        boolean isThere;
        synchronized (this) {
            next = further;
            millis = atMillis;
            isThere = isThere();
        }
        if (isThere) {
            caughtUp.complete(null);
        }
    }

    /** What the store has of this: there a restart goes on. Where nothing is committed it stays behind what was read. */
    synchronized void stored(long further) {
        stored = further;
    }

    /** Where a restart would go on. */
    synchronized long stored() {
        return stored;
    }

    /** When the log took the newest entry that was read. */
    synchronized long millis() {
        return millis;
    }

    /** Asks how far the log goes, unless it is still asked. */
    void look(long now) {
        boolean asks;
        synchronized (this) {
            nowNanos = now;
            asks = !isAsking;
            isAsking = true;
        }
        if (asks) {
            var unused = log.end().whenComplete(this::answered);
        }
    }

    private void answered(@Nullable Long found, @Nullable Throwable failure) {
        boolean isThere;
        synchronized (this) {
            isAsking = false;
            if (found != null) {
                answeredAtNanos = nowNanos;
                end = found;
                endAtStart = endAtStart == UNKNOWN ? found : endAtStart;
            }
            isThere = isThere();
        }
        if (isThere) {
            caughtUp.complete(null);
        }
    }

    private boolean isThere() {
        if (next >= target) {
            target = next < end ? end : UNKNOWN;
            targetSinceNanos = nowNanos;
        }
        return endAtStart != UNKNOWN && next >= endAtStart;
    }

    /** Why this node is not up to date, and has not been for too long; null if all is well. */
    synchronized @Nullable String trouble() {
        if (!caughtUp.isDone()) {
            return "it has not read all of the shared log that there was when it started";
        }
        if (nowNanos - answeredAtNanos >= patienceNanos) {
            return "the shared log does not answer";
        }
        return target != UNKNOWN && nowNanos - targetSinceNanos >= patienceNanos ? "it is behind the shared log" : null;
    }
}
