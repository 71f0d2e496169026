package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An order that several nodes share: each offers to it, and reads it at its own pace. On the test's thread. */
final class SharedOrder {

    /** What has its place; offsets that no entry has are holes. */
    private record Entry(long offset, Publication published) {}

    /** As it looks to all nodes but the one it was published on. */
    private record Foreign(Change change, Precondition precondition) implements Ordered {
        @Override
        public @Nullable Publication own() {
            return null;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private long end;

    /** Offsets that are given to nobody. */
    void leaveHole(int offsets) {
        end += offsets;
    }

    long end() {
        return end;
    }

    /** One node's part in it. */
    final class Node implements Order {

        /** Offered here, and not begun. */
        private final Set<Publication> pending = new LinkedHashSet<>();

        private final CompletableFuture<Void> drained = new CompletableFuture<>();
        private @Nullable Sink sink;
        private long offset;
        private boolean draining;
        private boolean abandoned;

        @Override
        public void start(long from, Sink to) {
            offset = from;
            sink = to;
        }

        @Override
        public void offer(Publication publication) {
            if (draining) {
                publication.refuse(Publication.Refusal.DRAINING);
            } else {
                publication.offeredAt(System.nanoTime());
                pending.add(publication);
                entries.add(new Entry(end++, publication));
            }
        }

        /** Reads on, a group of at most so many; true if the store took it. */
        boolean handOver(int most) {
            List<Entry> next = entries.stream()
                    .filter(entry -> entry.offset() >= offset)
                    .limit(most)
                    .toList();
            if (next.isEmpty() || abandoned) {
                return true;
            }
            List<Ordered> group = next.stream().map(this::seen).toList();
            Sink to = Objects.requireNonNull(sink);
            to.begin(group);
            next.forEach(entry -> pending.remove(entry.published()));
            long after = next.get(next.size() - 1).offset() + 1;
            boolean taken = to.commit(group, after);
            offset = taken ? after : offset;
            if (draining && pending.isEmpty()) {
                drained.complete(null);
            }
            return taken;
        }

        /** Its own the first time; whatever it reads again is settled. */
        private Ordered seen(Entry entry) {
            Publication published = entry.published();
            return pending.contains(published) ? published : new Foreign(published.change(), published.precondition());
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void awaitRoom(Wakeup wakeup) {
            wakeup.signal();
        }

        @Override
        public void leave(Wakeup wakeup) {
            // Nobody ever waits.
        }

        @Override
        public Backlog backlog() {
            return new Backlog(pending.size(), 0);
        }

        @Override
        public CompletionStage<Void> drain() {
            draining = true;
            if (pending.isEmpty()) {
                drained.complete(null);
            }
            return drained;
        }

        @Override
        public void abandon() {
            draining = true;
            abandoned = true;
            pending.forEach(publication -> publication.refuse(Publication.Refusal.STORE_FAILED));
            pending.clear();
        }
    }
}
