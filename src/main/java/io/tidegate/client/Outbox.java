package io.tidegate.client;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are on their way to a server. Those of a document never pass each other.
 *
 * <pre>
 *  add ─► waiting, in the order of their numbers ─► next ─► sent ─► answered
 *           ▲                                                │
 *           └──── connection lost, or not taken now ─────────┘
 * </pre>
 *
 * <p>Not thread-safe: its owner guards it.
 */
final class Outbox {

    /** A server reads no more of one connection either. */
    static final int MOST = 2_048;

    /** Of their bytes, unless it is one. */
    static final long MOST_BYTES = 8 << 20;

    /**
     * A change, and what becomes of it.
     *
     * @param number larger than those of all that were published before
     */
    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    record Publication(
            long number, DocumentName name, byte[] request, long publishedAt, CompletableFuture<Position> outcome) {}

    private final NavigableMap<Long, Publication> waiting = new TreeMap<>();
    private final Deque<Publication> sent = new ArrayDeque<>();

    /** How many changes of a document are on their way. */
    private final Map<DocumentName, Integer> ofDocument = new HashMap<>();

    private long bytes;

    /** Whether whoever has one more should wait. */
    boolean isFull() {
        return waiting.size() + sent.size() >= MOST || bytes >= MOST_BYTES;
    }

    /** Whether everything has been answered. */
    boolean isEmpty() {
        return sent.isEmpty() && waiting.isEmpty();
    }

    /** Whether something is to be sent. */
    boolean isDue() {
        return !waiting.isEmpty();
    }

    void add(Publication publication) {
        waiting.put(publication.number(), publication);
        bytes += publication.request().length;
        ofDocument.merge(publication.name(), 1, Integer::sum);
    }

    /** The next that is to be sent, which counts as sent; null if there is none. */
    @Nullable
    Publication next() {
        Map.Entry<Long, Publication> first = waiting.pollFirstEntry();
        if (first == null) {
            return null;
        }
        sent.add(first.getValue());
        return first.getValue();
    }

    /** The oldest without an answer; null if there is none. */
    @Nullable
    Publication oldestSent() {
        return sent.peek();
    }

    /** The oldest that was sent has its answer; null if nothing was sent. */
    @Nullable
    Publication answered() {
        Publication first = sent.poll();
        if (first != null) {
            forget(first);
        }
        return first;
    }

    private void forget(Publication publication) {
        bytes -= publication.request().length;
        ofDocument.computeIfPresent(publication.name(), (name, count) -> count == 1 ? null : count - 1);
    }

    /**
     * The oldest that was sent could not be taken now: it is sent again, before all that was published after it and was not sent yet.
     *
     * @return false if it must not be: a later change of its document is on its way, behind which it would come
     */
    boolean putBack() {
        Publication first = sent.peek();
        // Others of its document can only be later ones: an earlier one would not have let it pass.
        if (first == null || ofDocument.getOrDefault(first.name(), 0) > 1) {
            return false;
        }
        sent.remove();
        waiting.put(first.number(), first);
        return true;
    }

    /** What was sent and has no answer is to be sent again. */
    void lost() {
        sent.forEach(publication -> waiting.put(publication.number(), publication));
        sent.clear();
    }

    /** Takes out those that are such. */
    List<Publication> remove(Predicate<Publication> which) {
        List<Publication> removed = new ArrayList<>();
        for (Collection<Publication> queue : List.of(sent, waiting.values())) {
            queue.stream().filter(which).forEach(removed::add);
            queue.removeIf(which);
        }
        removed.forEach(this::forget);
        return removed;
    }
}
