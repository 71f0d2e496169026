package io.tidegate.feed;

import io.tidegate.document.Selection;
import java.util.List;
import java.util.Optional;

/**
 * What lagging followers are sent next, read from the log: every step.
 *
 * <p>The log is read in pieces that end where its size passes a multiple of the piece's. So followers that stopped anywhere
 * come to stand at the same places with their first read, and from then on a piece that was read for one is there for all.
 * Thread-safe.
 */
final class LogRuns implements SharedReads.Source {

    private final FeedLog feedLog;

    LogRuns(FeedLog feedLog) {
        this.feedLog = feedLog;
    }

    @Override
    public Optional<Run> read(long after, Selection selection, int pieceBytes, long limit) throws FeedLogException {
        return selection.isAll()
                ? readAll(after, pieceBytes, limit)
                : feedLog.find(after, selection, pieceBytes, limit)
                        .filter(found -> found.last() > after)
                        .map(found -> run(after, selection, pieceBytes, found.batches(), found.last()));
    }

    /** What was committed stays as it was. */
    @Override
    public boolean isCurrent(long head) {
        return true;
    }

    @Override
    public long limit(long head, long end) {
        return Math.min(head, end);
    }

    private Optional<Run> readAll(long after, int pieceBytes, long limit) throws FeedLogException {
        List<Batch> batches = feedLog.read(after, pieceBytes).stream()
                .takeWhile(batch -> batch.lastSeq() <= limit)
                .toList();
        return batches.isEmpty() || batches.get(0).firstSeq() > after + 1
                ? Optional.empty()
                : Optional.of(run(
                        after,
                        Selection.ALL,
                        pieceBytes,
                        batches,
                        batches.get(batches.size() - 1).lastSeq()));
    }

    private static Run run(long after, Selection selection, int pieceBytes, List<Batch> batches, long end) {
        EventLines lines = EventLines.NONE;
        long last = after;
        long piece = batches.isEmpty() ? 0 : batches.get(0).bytesBefore() / pieceBytes;
        boolean isDense = isDense(batches, pieceBytes);
        for (Batch batch : batches) {
            if (isDense && batch.bytesBefore() / pieceBytes > piece) {
                return new Run(after, selection, pieceBytes, last, lines.compact());
            }
            lines = lines.concat(batch.linesAfter(last, selection));
            last = batch.lastSeq();
        }
        return new Run(after, selection, pieceBytes, end, lines.compact());
    }

    /** Whether little lies between them: the batches of who follows little are far apart, and each is in a piece of its own. */
    private static boolean isDense(List<Batch> batches, int pieceBytes) {
        return !batches.isEmpty()
                && batches.get(batches.size() - 1).bytesBefore()
                                - batches.get(0).bytesBefore()
                        < 2L * pieceBytes;
    }
}
