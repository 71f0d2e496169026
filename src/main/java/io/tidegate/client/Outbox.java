package io.tidegate.client;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are on their way to a server, in their order.
 *
 * <pre>
 *  add ─► waiting ─► next ─► sent ─► answered
 *           ▲                  │
 *           ├── connection lost┤
 *  again ◄──┴── not taken now ─┘
 * </pre>
 *
 * <p>Not thread-safe: its owner guards it.
 */
final class Outbox {

    /** A server reads no more of one connection either. */
    static final int MOST = 2_048;

    /** Of their bytes, unless it is one. */
    static final long MOST_BYTES = 8 << 20;

    /** A change, and what becomes of it. */
    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    record Publication(DocumentName name, byte[] request, long publishedAt, CompletableFuture<Position> outcome) {}

    private final Deque<Publication> again = new ArrayDeque<>();
    private final Deque<Publication> waiting = new ArrayDeque<>();
    private final Deque<Publication> sent = new ArrayDeque<>();
    private long bytes;

    /** Whether whoever has one more should wait. */
    boolean isFull() {
        return again.size() + waiting.size() + sent.size() >= MOST || bytes >= MOST_BYTES;
    }

    /** Whether everything has been answered. */
    boolean isEmpty() {
        return sent.isEmpty() && !isDue();
    }

    /** Whether something is to be sent. */
    boolean isDue() {
        return !again.isEmpty() || !waiting.isEmpty();
    }

    void add(Publication publication) {
        waiting.add(publication);
        bytes += publication.request().length;
    }

    /** The next that is to be sent, which counts as sent; null if there is none. */
    @Nullable
    Publication next() {
        Publication next = again.isEmpty() ? waiting.poll() : again.poll();
        if (next != null) {
            sent.add(next);
        }
        return next;
    }

    /** The oldest that was sent has its answer; null if nothing was sent. */
    @Nullable
    Publication answered() {
        Publication first = sent.poll();
        bytes -= first == null ? 0 : first.request().length;
        return first;
    }

    /**
     * The oldest that was sent could not be taken now: it is sent again, before all that was not sent yet.
     *
     * @return false if it must not be: a later change of its document is on its way, behind which it would come
     */
    boolean putBack() {
        Publication first = sent.peek();
        if (first == null
                || Stream.concat(sent.stream().skip(1), waiting.stream())
                        .anyMatch(other -> other.name().equals(first.name()))) {
            return false;
        }
        again.add(sent.remove());
        return true;
    }

    /** What was sent and has no answer is to be sent again. */
    void lost() {
        again.addAll(sent);
        sent.clear();
    }

    /** Takes out those that are such. */
    List<Publication> remove(Predicate<Publication> which) {
        List<Publication> removed = new ArrayList<>();
        for (Deque<Publication> queue : List.of(again, sent, waiting)) {
            queue.stream().filter(which).forEach(removed::add);
            queue.removeIf(which);
        }
        removed.forEach(publication -> bytes -= publication.request().length);
        return removed;
    }

    /** The oldest without an answer; null if there is none. */
    @Nullable
    Publication oldestSent() {
        return sent.peek();
    }
}
