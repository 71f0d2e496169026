package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Selection;
import io.tidegate.document.Utf8Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets all who ask for the same documents at the same position read one snapshot, and keeps what was read for those that
 * follow: thousands that reconnect read and encode the store once.
 *
 * <pre>
 *  reader ─► chunk at its place ─┬─ is here, or just being read ───────────► shared
 *                                ├─ room, or made by the oldest not in use ─► read, and kept
 *                                └─ all room is taken by chunks in use ────► read for this reader alone, out of the read budget
 * </pre>
 *
 * <p>A snapshot is open to new readers until the head moves: everybody sees what was acknowledged before it asked. Nobody
 * waits for a slow reader: what it has not had when its chunks are gone is read again. A snapshot that nobody reads stays
 * only if all of it is here and the head has not moved. Thread-safe.
 */
final class SnapshotCache {

    /** Opens a snapshot of the store; may block. */
    interface Store {
        Snapshot open(Selection selection) throws FeedLogException;
    }

    /** What a chunk counts at least: it bounds the number of snapshots that are held open for nobody. */
    private static final int LEAST_WEIGHT = 4096;

    /** This part of a chunk is for the document that ends it, so that it seldom exceeds its size. */
    private static final int RESERVE = 16;

    private final Store store;
    private final EventEncoder encoder;
    private final long maxBytes;
    private final ReadBudget budget;
    private final Executor reads;

    // Guarded by lock: held for a few instructions, never while anything blocks.
    private final Object lock = new Object();
    private final Map<Selection, SharedSnapshot> current = new HashMap<>();
    private final Set<Chunk> kept = new LinkedHashSet<>();
    private long bytes;

    SnapshotCache(Store store, EventEncoder encoder, long maxBytes, ReadBudget budget, Executor reads) {
        this.store = store;
        this.encoder = encoder;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.reads = reads;
    }

    /**
     * Joins the snapshot that others read, or starts one; to be left.
     *
     * @param head the head of the hub now
     */
    SharedSnapshot join(Selection selection, long head) {
        budget.enter();
        CompletableFuture<Snapshot> opened = new CompletableFuture<>();
        SharedSnapshot joined;
        synchronized (lock) {
            SharedSnapshot found = current.get(selection);
            if (found != null && found.head == head) {
                found.readers++;
                return found;
            }
            joined = new SharedSnapshot(this, selection, head, opened);
            joined.readers = 1;
            current.put(selection, joined);
            if (found != null) {
                dropIfUnused(found);
            }
        }
        BlockingRead.run(reads, () -> store.open(selection), opened);
        return joined;
    }

    void leave(SharedSnapshot snapshot) {
        budget.leave();
        synchronized (lock) {
            snapshot.readers--;
            dropIfUnused(snapshot);
        }
    }

    /** Closes the snapshots of before to new readers. */
    void headMoved() {
        synchronized (lock) {
            if (!current.isEmpty()) {
                List<SharedSnapshot> outdated = new ArrayList<>(current.values());
                current.clear();
                outdated.forEach(this::dropIfUnused);
            }
        }
    }

    /** Puts a chunk in the hands of a reader. */
    Chunk take(SharedSnapshot snapshot, ByteString place, int chunkBytes) {
        Chunk chunk;
        int size;
        synchronized (lock) {
            Chunk found = snapshot.chunks.get(place);
            if (found != null) {
                found.holders++;
                return found;
            }
            int weight = Math.max(LEAST_WEIGHT, chunkBytes);
            if (makeRoom(weight)) {
                size = chunkBytes;
                chunk = new Chunk(snapshot, place, weight);
                bytes += weight;
                kept.add(chunk);
                snapshot.chunks.put(place, chunk);
            } else {
                size = budget.share(chunkBytes);
                chunk = new Chunk(snapshot, place, 0);
                snapshot.hasGaps = true;
            }
        }
        start(chunk, size);
        return chunk;
    }

    private void start(Chunk chunk, int size) {
        chunk.whenFailed(() -> giveUp(chunk));
        var unused = chunk.snapshot.opened.whenComplete((opened, failure) -> {
            if (failure == null) {
                BlockingRead.run(reads, () -> read(opened, chunk, size), chunk.reading);
            } else {
                chunk.reading.completeExceptionally(failure);
            }
        });
    }

    private Chunk.Content read(Snapshot opened, Chunk chunk, int size) throws FeedLogException {
        Chunk.Content content = encode(opened, chunk.place, size);
        synchronized (lock) {
            if (chunk.weight > 0) {
                long weight = Math.max(LEAST_WEIGHT, content.lines().size());
                bytes += weight - chunk.weight;
                chunk.weight = weight;
                chunk.snapshot.endWasRead |= content.next() == null;
                makeRoom(0);
            }
        }
        return content;
    }

    private Chunk.Content encode(Snapshot snapshot, ByteString place, int size) throws FeedLogException {
        var lines = new Utf8Buffer(size);
        int enough = size - size / RESERVE;
        var documents = new Object() {
            int count;
        };
        ByteString next = snapshot.read(place, document -> {
            documents.count++;
            encoder.document(document, lines);
            return lines.length() < enough;
        });
        return new Chunk.Content(EventLines.withoutUpdates(bytes(lines)), documents.count, next);
    }

    /** Without a copy, unless the array would take much more memory than it counts. */
    private static ByteString bytes(Utf8Buffer lines) {
        byte[] array = lines.array();
        boolean isFull = lines.length() >= array.length - array.length / 8;
        return isFull
                ? ByteString.fromArrayUnsafe(array, 0, lines.length())
                : ByteString.fromArrayUnsafe(lines.toArray());
    }

    /** Who asks from now on tries anew. */
    private void giveUp(Chunk chunk) {
        synchronized (lock) {
            forget(chunk);
            close(chunk.snapshot);
        }
    }

    void giveBack(Chunk chunk) {
        synchronized (lock) {
            chunk.holders--;
            if (chunk.holders == 0 && chunk.snapshot.readers == 1 && !isCurrent(chunk.snapshot)) {
                // Nobody follows the only reader of an old snapshot.
                forget(chunk);
            }
        }
    }

    // ---- under the lock

    private boolean makeRoom(long wanted) {
        while (bytes + wanted > maxBytes) {
            Chunk oldest = oldestNotInUse();
            if (oldest == null) {
                return false;
            }
            forget(oldest);
            dropIfUnused(oldest.snapshot);
        }
        return true;
    }

    private @Nullable Chunk oldestNotInUse() {
        for (Chunk chunk : kept) {
            if (chunk.holders == 0) {
                return chunk;
            }
        }
        return null;
    }

    private void forget(Chunk chunk) {
        if (kept.remove(chunk)) {
            bytes -= chunk.weight;
            chunk.weight = 0;
            chunk.snapshot.chunks.remove(chunk.place);
            chunk.snapshot.hasGaps = true;
        }
    }

    private void close(SharedSnapshot snapshot) {
        current.remove(snapshot.selection, snapshot);
    }

    private boolean isCurrent(SharedSnapshot snapshot) {
        return current.get(snapshot.selection) == snapshot;
    }

    private void dropIfUnused(SharedSnapshot snapshot) {
        if (snapshot.readers > 0 || (isCurrent(snapshot) && snapshot.isWhole())) {
            return;
        }
        close(snapshot);
        List.copyOf(snapshot.chunks.values()).forEach(this::forget);
        snapshot.release(reads);
    }
}
