package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Selection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One snapshot of the store and all who read it. Thread-safe. */
final class SharedSnapshot {

    private static final long UNKNOWN = -1;

    private final SnapshotCache cache;
    final Selection selection;

    /** The head of the hub when it was asked for: who asks at the same head may read it too. */
    final long head;

    final CompletableFuture<Snapshot> opened;

    /** Those in the cache, by their places. Guarded by the cache's lock, as all that follows. */
    final Map<ByteString, Chunk> chunks = new HashMap<>();

    int readers;

    /** Whether a chunk was not kept: once nobody reads it, what is left of it is of no use. */
    boolean hasGaps;

    boolean endWasRead;
    private boolean released;

    /** How many documents it has; unknown until somebody has read all of it. */
    private volatile long documents = UNKNOWN;

    SharedSnapshot(SnapshotCache cache, Selection selection, long head, CompletableFuture<Snapshot> opened) {
        this.cache = cache;
        this.selection = selection;
        this.head = head;
        this.opened = opened;
    }

    /** Sequence number of the snapshot; waits until it is open. */
    long seq() {
        return opened.join().seq();
    }

    /**
     * Puts a chunk in the hands of the caller, who gives it back.
     *
     * @param bytes about how many bytes it is to have if it has to be read, at most
     */
    Chunk take(ByteString place, int bytes) {
        return cache.take(this, place, bytes);
    }

    void giveBack(Chunk chunk) {
        cache.giveBack(chunk);
    }

    /** By a reader that has read all of it. */
    void counted(long number) {
        documents = number;
    }

    OptionalLong documents() {
        long known = documents;
        return known == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(known);
    }

    /** By a reader that has given all back. */
    void leave() {
        cache.leave(this);
    }

    /** Closes the store's snapshot, once: when nobody reads it any more. */
    void release(Executor reads) {
        if (!released) {
            released = true;
            var unused = opened.thenAcceptAsync(Snapshot::close, reads);
        }
    }

    boolean isWhole() {
        return endWasRead && !hasGaps;
    }
}
