package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what is in each collection of a snapshot, piece by piece: other reads come in between. */
final class CollectionCount implements Snapshot.Sink {

    private static final int PIECE_DOCUMENTS = 10_000;
    private static final long PIECE_BYTES = 16 << 20;

    private final Snapshot snapshot;
    private final Executor reads;
    private final BooleanSupplier isWanted;
    private final CompletableFuture<CollectionSizes> result;
    private final List<CollectionSize> counted = new ArrayList<>();

    private @Nullable Collection current;
    private long documents;
    private long bytes;
    private int pieceDocuments;
    private long pieceBytes;

    private CollectionCount(
            Snapshot snapshot, Executor reads, BooleanSupplier isWanted, CompletableFuture<CollectionSizes> result) {
        this.snapshot = snapshot;
        this.reads = reads;
        this.isWanted = isWanted;
        this.result = result;
    }

    /**
     * Begins to count.
     *
     * @param reads runs what blocks
     * @param isWanted looked at before each piece; if not, it fails
     */
    static CompletionStage<CollectionSizes> start(
            Executor reads, BlockingRead.Call<Snapshot> opening, BooleanSupplier isWanted) {
        return BlockingRead.start(reads, opening).thenCompose(snapshot -> {
            var result = new CompletableFuture<CollectionSizes>();
            new CollectionCount(snapshot, reads, isWanted, result).go(Snapshot.START);
            return result.whenComplete((sizes, failure) -> snapshot.close());
        });
    }

    private void go(ByteString place) {
        var unused = BlockingRead.start(reads, () -> {
                    if (!isWanted.getAsBoolean()) {
                        throw new CancellationException();
                    }
                    pieceDocuments = 0;
                    pieceBytes = 0;
                    // A future may not hold null.
                    ByteString next = snapshot.read(place, this);
                    return next == null ? Snapshot.START : next;
                })
                .whenComplete((next, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else if (next.isEmpty()) {
                        endCollection();
                        result.complete(new CollectionSizes(snapshot.seq(), counted));
                    } else {
                        go(next);
                    }
                });
    }

    @Override
    public boolean take(DocumentView document) {
        Collection collection = document.collection();
        if (!collection.equals(current)) {
            endCollection();
            current = collection;
        }
        documents++;
        bytes += document.valueBytes();
        pieceBytes += document.valueBytes();
        return ++pieceDocuments < PIECE_DOCUMENTS && pieceBytes < PIECE_BYTES;
    }

    private void endCollection() {
        if (current != null) {
            counted.add(new CollectionSize(current, documents, bytes));
        }
        documents = 0;
        bytes = 0;
    }
}
