package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What lagging followers are sent next, read from the log.
 *
 * <p>The log is read in pieces that end where its size passes a multiple of the piece's. So followers that stopped anywhere
 * come to stand at the same places with their first read, and from then on a piece that was read for one is there for all:
 * a hundred that come back together cost hardly more reads than one. Thread-safe.
 */
final class LogRuns {

    /** Pieces that are remembered while anybody lags; a power of two. */
    private static final int REMEMBERED = 16;

    /**
     * A read that was started, and may be finished.
     *
     * @param limit the last sequence number that it may return
     */
    private record Read(
            long after, Selection selection, int pieceBytes, long limit, CompletableFuture<Optional<Run>> run) {

        boolean isFor(long place, Selection wanted, int bytes, long last) {
            return after == place && pieceBytes == bytes && limit <= last && selection.equals(wanted);
        }
    }

    private final FeedLog feedLog;
    private final Hub hub;
    private final ReadBudget budget;
    private final Executor executor;
    private final AtomicReferenceArray<@Nullable Read> reads = new AtomicReferenceArray<>(REMEMBERED);

    /**
     * The runs of one log.
     *
     * @param hub what the log has beyond its head was not published: a commit is under way, or was abandoned
     * @param executor runs the reads, which block
     */
    LogRuns(FeedLog feedLog, Hub hub, ReadBudget budget, Executor executor) {
        this.feedLog = feedLog;
        this.hub = hub;
        this.budget = budget;
        this.executor = executor;
    }

    /**
     * The run that follows {@code after}, which is before the head; empty if the log does not hold it any more.
     *
     * @param mostBytes the size of a piece, or less when many read; a piece may be longer by one batch
     * @param end the last sequence number of a batch; nothing after it is included
     */
    CompletableFuture<Optional<Run>> read(long after, Selection selection, int mostBytes, long end) {
        int pieceBytes = Integer.highestOneBit(budget.share(mostBytes));
        int slot = Run.slot(after, selection, REMEMBERED);
        Read known = reads.get(slot);
        if (known != null && known.isFor(after, selection, pieceBytes, end)) {
            return known.run();
        }
        long limit = Math.min(hub.head(), end);
        CompletableFuture<Optional<Run>> run =
                BlockingRead.start(executor, () -> run(after, selection, pieceBytes, limit));
        var read = new Read(after, selection, pieceBytes, limit, run);
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

    private Optional<Run> run(long after, Selection selection, int pieceBytes, long limit) throws FeedLogException {
        List<Batch> batches = feedLog.read(after, pieceBytes);
        if (batches.isEmpty() || batches.get(0).firstSeq() > after + 1) {
            return Optional.empty();
        }
        long piece = batches.get(0).bytesBefore() / pieceBytes;
        EventLines lines = EventLines.NONE;
        long last = after;
        for (Batch batch : batches) {
            if (batch.bytesBefore() / pieceBytes > piece || batch.lastSeq() > limit) {
                break;
            }
            lines = lines.concat(batch.linesAfter(last, selection));
            last = batch.lastSeq();
        }
        return last == after
                ? Optional.empty()
                : Optional.of(new Run(after, selection, pieceBytes, last, lines.compact()));
    }
}
