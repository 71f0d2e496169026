package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is in the collections for who asks: one selection after the other, since each count reads all of it, and other reads
 * are to come in between. Who asks for what somebody waits for shares its count; what nobody waits for any more is not counted.
 * Thread-safe.
 */
final class CollectionCounts {

    /** A count that is asked for, by everybody in the list; it does not change any more once the count has begun. */
    private record Asked(Selection selection, List<CompletableFuture<CollectionSizes>> by) {

        boolean isWanted() {
            return by.stream().anyMatch(each -> !each.isDone());
        }

        void tell(@Nullable CollectionSizes sizes, @Nullable Throwable failure) {
            for (CompletableFuture<CollectionSizes> each : by) {
                if (failure == null) {
                    each.complete(sizes);
                } else {
                    each.completeExceptionally(failure);
                }
            }
        }
    }

    private final Executor reads;
    private final Function<Selection, BlockingRead.Call<Snapshot>> snapshots;

    /** Guarded by this object. */
    private final ArrayDeque<Asked> waiting = new ArrayDeque<>();

    private boolean counting;

    /**
     * Counts of one feed.
     *
     * @param reads runs what blocks
     * @param snapshots opens one
     */
    CollectionCounts(Executor reads, Function<Selection, BlockingRead.Call<Snapshot>> snapshots) {
        this.reads = reads;
        this.snapshots = snapshots;
    }

    /** Counts what is there now, or a little later; to cancel it leaves the count to the others, if there are any. */
    CompletableFuture<CollectionSizes> count(Selection selection) {
        var answer = new CompletableFuture<CollectionSizes>();
        synchronized (this) {
            ask(selection, answer);
            if (counting) {
                return answer;
            }
            counting = true;
        }
        next();
        return answer;
    }

    private void ask(Selection selection, CompletableFuture<CollectionSizes> answer) {
        for (Asked each : waiting) {
            if (each.selection().equals(selection)) {
                each.by().removeIf(CompletableFuture::isDone);
                each.by().add(answer);
                return;
            }
        }
        waiting.add(new Asked(selection, new ArrayList<>(List.of(answer))));
    }

    private void next() {
        Asked asked = wanted();
        if (asked != null) {
            var unused = CollectionCount.start(reads, snapshots.apply(asked.selection()), asked::isWanted)
                    .whenComplete((sizes, failure) -> {
                        asked.tell(sizes, failure);
                        next();
                    });
        }
    }

    private synchronized @Nullable Asked wanted() {
        Asked asked = waiting.poll();
        while (asked != null && !asked.isWanted()) {
            asked = waiting.poll();
        }
        counting = asked != null;
        return asked;
    }
}
