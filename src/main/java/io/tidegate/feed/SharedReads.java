package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the store for lagging followers, each for all who ask for the same while it is remembered: a hundred that come back
 * together cost hardly more reads than one. Thread-safe.
 */
final class SharedReads {

    /** What is read; both methods are for any thread, and the first one blocks. */
    interface Source {

        /**
         * The run that follows {@code after}; empty if the store cannot tell it any more.
         *
         * @param pieceBytes about how long it may be
         * @param limit nothing after this number is included
         */
        Optional<Run> read(long after, Selection selection, int pieceBytes, long limit) throws FeedLogException;

        /**
         * How far a read may go.
         *
         * @param head of the hub
         * @param end of the follower; {@link Long#MAX_VALUE} if it has none
         */
        long limit(long head, long end);

        /** Whether a read is still of use that was started when the hub was there. */
        boolean isCurrent(long head);
    }

    /** Reads that are remembered while anybody lags; a power of two. */
    private static final int REMEMBERED = 16;

    /**
     * A read that was started, and may be finished.
     *
     * @param head where the hub was then
     * @param limit the last sequence number that it may return
     */
    private record Read(
            long after,
            Selection selection,
            int pieceBytes,
            long head,
            long limit,
            CompletableFuture<Optional<Run>> run) {

        boolean isFor(long place, Selection wanted, int bytes, long last) {
            return after == place && pieceBytes == bytes && limit <= last && selection.equals(wanted);
        }
    }

    private final Source source;
    private final Hub hub;
    private final ReadBudget budget;
    private final Executor executor;
    private final AtomicReferenceArray<@Nullable Read> reads = new AtomicReferenceArray<>(REMEMBERED);

    /**
     * The reads of one source.
     *
     * @param hub what the store has beyond its head was not published: a commit is under way, or was abandoned
     * @param executor runs the reads
     */
    SharedReads(Source source, Hub hub, ReadBudget budget, Executor executor) {
        this.source = source;
        this.hub = hub;
        this.budget = budget;
        this.executor = executor;
    }

    /**
     * The run that follows {@code after}, which is before the head; empty if the store cannot tell it any more.
     *
     * @param mostBytes the size of a piece, or less when many read
     * @param end nothing after this number is included
     */
    CompletableFuture<Optional<Run>> read(long after, Selection selection, int mostBytes, long end) {
        int pieceBytes = Integer.highestOneBit(budget.share(mostBytes));
        int slot = Run.slot(after, selection, REMEMBERED);
        Read known = reads.get(slot);
        if (known != null && known.isFor(after, selection, pieceBytes, end) && source.isCurrent(known.head())) {
            return known.run();
        }
        long head = hub.head();
        long limit = source.limit(head, end);
        CompletableFuture<Optional<Run>> run =
                BlockingRead.start(executor, () -> source.read(after, selection, pieceBytes, limit));
        var read = new Read(after, selection, pieceBytes, head, limit, run);
        reads.set(slot, read);
        var unused = run.whenComplete((done, failure) -> {
            if (failure != null) {
                reads.compareAndSet(slot, read, null);
            }
        });
        return run;
    }

    /** Frees the memory when nobody lags. */
    void forget() {
        for (int slot = 0; slot < REMEMBERED; slot++) {
            reads.set(slot, null);
        }
    }
}
