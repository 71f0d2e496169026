package io.tidegate.feed;

import io.tidegate.document.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what is committed at once into {@linkplain Batch batches}, in which the log is stored and read.
 *
 * <p>A commit is the larger the more publishers there are, since an fsync costs the same for any number of updates. A batch is not:
 * every follower that catches up holds at least one. Used by one thread.
 */
final class CommitBuilder {

    private final BatchBuilder builder;
    private final int maxUpdates;
    private final int maxBytes;

    /**
     * A builder of batches of a limited size.
     *
     * @param maxUpdates most updates of a batch
     * @param maxBytes weight of its changes at which a batch takes no further one
     */
    CommitBuilder(EventEncoder encoder, int maxUpdates, int maxBytes) {
        builder = new BatchBuilder(encoder);
        this.maxUpdates = maxUpdates;
        this.maxBytes = maxBytes;
    }

    /**
     * Gives the changes consecutive numbers from {@code firstSeq} and encodes them, in as few batches as the limits allow.
     *
     * @param offset where the order goes on after them
     * @param bytesBefore stored bytes of all earlier batches
     * @param nowMillis commit time, milliseconds since the epoch
     */
    List<Batch> build(List<Change> changes, long firstSeq, long offset, long bytesBefore, long nowMillis) {
        List<Batch> batches = new ArrayList<>();
        long before = bytesBefore;
        int from = 0;
        while (from < changes.size()) {
            int to = endOfBatch(changes, from);
            Batch batch = builder.build(changes.subList(from, to), firstSeq + from, offset, before, nowMillis);
            batches.add(batch);
            before = batch.bytesAfter();
            from = to;
        }
        return batches;
    }

    private int endOfBatch(List<Change> changes, int from) {
        int most = Math.min(changes.size(), from + maxUpdates);
        long bytes = 0;
        int to = from;
        while (to < most && bytes < maxBytes) {
            bytes += changes.get(to).weight();
            to++;
        }
        return to;
    }
}
