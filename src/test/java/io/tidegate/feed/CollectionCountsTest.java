package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.document.Collection;
import io.tidegate.document.Document;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What it costs to count collections, whoever asks, and how often. */
class CollectionCountsTest {

    private static final Selection A = Selection.ofCollections(List.of(new Collection("a")));

    private final StepExecutor reads = new StepExecutor();
    private final List<Pieces> opened = new ArrayList<>();
    private final CollectionCounts counts = new CollectionCounts(reads, selection -> () -> {
        var snapshot = new Pieces(selection);
        opened.add(snapshot);
        return snapshot;
    });

    /** Three pieces of a document each. */
    private static final class Pieces implements Snapshot {

        private final Selection selection;
        private int read;
        private boolean closed;

        Pieces(Selection selection) {
            this.selection = selection;
        }

        @Override
        public long seq() {
            return 7;
        }

        @Override
        public @Nullable ByteString read(ByteString place, Sink sink) {
            assertThat(closed).isFalse();
            read++;
            boolean unused = sink.take(new Document(new Collection("a"), new Key("k" + read), read, Json.of("12")));
            return read == 3 ? null : ByteString.fromString("place");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private void runAll() {
        reads.runAll();
    }

    @Test
    void oneAfterTheOtherIsCounted() {
        CompletableFuture<CollectionSizes> all = counts.count(Selection.ALL);
        CompletableFuture<CollectionSizes> some = counts.count(A);
        reads.runNext();
        reads.runNext();
        assertThat(opened).hasSize(1);

        runAll();

        assertThat(opened).extracting(each -> each.selection).containsExactly(Selection.ALL, A);
        assertThat(opened).allMatch(each -> each.closed && each.read == 3);
        assertThat(all.join().collections()).singleElement().satisfies(size -> assertThat(size.documents())
                .isEqualTo(3));
        assertThat(some.join().seq()).isEqualTo(7);
    }

    @Test
    void whoAsksForWhatSomebodyWaitsForSharesItsCount() {
        CompletableFuture<CollectionSizes> first = counts.count(A);
        reads.runNext();
        List<CompletableFuture<CollectionSizes>> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(counts.count(A));
        }
        others.get(0).cancel(false);

        runAll();

        assertThat(opened)
                .as("what was begun before may not have what is there now")
                .hasSize(2);
        assertThat(first).isCompleted();
        assertThat(others.subList(1, 100)).allMatch(each -> each.isDone() && !each.isCancelled());
    }

    @Test
    void aCountThatNobodyWaitsForEndsAtItsNextPiece() {
        CompletableFuture<CollectionSizes> left = counts.count(Selection.ALL);
        CompletableFuture<CollectionSizes> neverBegun = counts.count(A);
        reads.runNext();
        reads.runNext();

        left.cancel(false);
        neverBegun.cancel(false);
        runAll();

        assertThat(opened).singleElement().satisfies(each -> {
            assertThat(each.read).isEqualTo(1);
            assertThat(each.closed).isTrue();
        });
        CompletableFuture<CollectionSizes> next = counts.count(A);
        runAll();
        assertThat(next).isCompleted();
    }

    @Test
    void aCountThatFailsDoesNotKeepBackTheNext() {
        var failing = new CollectionCounts(reads, selection -> () -> {
            if (selection.isAll()) {
                throw new IllegalStateException("told to fail");
            }
            return new Pieces(selection);
        });
        CompletableFuture<CollectionSizes> all = failing.count(Selection.ALL);
        CompletableFuture<CollectionSizes> some = failing.count(A);

        runAll();

        assertThat(all).isCompletedExceptionally();
        assertThat(some).isCompleted();
    }
}
