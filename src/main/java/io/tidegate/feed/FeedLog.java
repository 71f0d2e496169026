package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the feed is durable: an append-only log of batches beside the documents that they add up to.
 *
 * <p>{@link #append} and {@link #trim} are called by one thread at a time; reads and snapshots by any thread, at any time
 * until {@link #close}. All methods but {@link #epochs} and {@link #refusal} may block.
 */
public interface FeedLog extends AutoCloseable {

    /** The epochs of the log; the newest began when it was opened, or when an order that is shared began it. */
    Epochs epochs();

    /** The batch that was appended last; null if there was none yet. It is never trimmed. */
    @Nullable
    Batch last();

    /** The oldest batch that is retained; null if there was none yet. */
    @Nullable
    Batch oldest();

    /** How the {@link Order} goes on after what the log holds. */
    default OrderState orderState() {
        Batch end = last();
        return OrderState.at(end == null ? 0 : end.offset());
    }

    /** Why nothing can be appended now, if that is known without trying; null otherwise. */
    @Nullable
    default String refusal() {
        return null;
    }

    /**
     * Writes something that is no update, as durable as updates are, so that it is known whether they can be written. By the
     * thread that appends.
     */
    default void probe() throws FeedLogException {}

    /** How often something turned out to be damaged since the log was opened. */
    default long corruptions() {
        return 0;
    }

    /**
     * Commits: appends batches and applies their changes to the documents, all or nothing.
     *
     * <p>When it returns, they are as durable as the store's setting promises. When it throws, none of them is part of the log,
     * and the next append uses the same sequence numbers.
     *
     * @param batches at least one, each following the one before
     * @param changes the changes of all of them, in order
     * @param memory replaces what the order remembers; empty: it stays
     * @param taken those of the changes that have ids
     */
    void append(List<Batch> batches, List<Change> changes, byte[] memory, List<Taken> taken) throws FeedLogException;

    /** The same where the order remembers nothing, and no change has an id. */
    default void append(List<Batch> batches, List<Change> changes) throws FeedLogException {
        append(batches, changes, OrderState.NO_MEMORY, List.of());
    }

    /** Replaces what the order remembers, where nothing is appended; as durable as updates are. By the thread that appends. */
    void remember(byte[] memory) throws FeedLogException;

    /**
     * Begins an epoch: what is appended from now on is numbered in it. As durable as updates are when it returns; by the thread that
     * appends.
     *
     * @param name given by the order, to all who have this feed alike
     * @param memory replaces what the order remembers
     */
    void beginEpoch(String name, byte[] memory) throws FeedLogException;

    /**
     * The number of the change of a document that was taken under an id.
     *
     * @return 0 if none was, or it may have been forgotten: it is remembered for {@link Feed#REMEMBERED_UPDATES} at least
     */
    long takenAs(DocumentName document, PublicationId id) throws FeedLogException;

    /**
     * The retained batches that hold updates after {@code seq}, oldest first.
     *
     * @param maxBytes stop after the batch that reaches this many stored bytes; the first batch is returned whatever its
     *     size
     * @return empty if there is none; the first one starts later than {@code seq + 1} if what is between was trimmed
     */
    List<Batch> read(long seq, int maxBytes) throws FeedLogException;

    /**
     * What a read of the log for a selection found.
     *
     * @param batches those that may have something of it, oldest first; may be none
     * @param last up to this number nothing else concerns it; the end of a batch, and greater than where it began
     */
    record Found(List<Batch> batches, long last) {}

    /**
     * The retained batches with updates after {@code seq} that concern {@code selection}; others are passed by, unread where the log
     * knows that without reading them. No call takes long, so it may end before the limit with few batches or none.
     *
     * @param seq less than {@code limit}
     * @param maxBytes stop after the batch that reaches this many stored bytes
     * @param limit nothing after this number is looked at; the end of a batch
     * @return empty if what comes after {@code seq} was trimmed
     */
    default Optional<Found> find(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        List<Batch> batches = read(seq, maxBytes).stream()
                .filter(batch -> batch.lastSeq() <= limit)
                .toList();
        return batches.isEmpty() || batches.get(0).firstSeq() > seq + 1
                ? Optional.empty()
                : Optional.of(new Found(batches, batches.get(batches.size() - 1).lastSeq()));
    }

    /**
     * What changed; see {@link #changes}.
     *
     * @param last up to where it looked; greater than where it began
     */
    record Changes(List<Changed> documents, long last) {}

    /**
     * The documents of {@code selection} that changed after {@code seq}, each once, as it is now, by their sequence numbers. Those that
     * have moved on beyond where it looked are left out: they are found from there on. Only of a document that was deleted, put and
     * deleted again, each delete may be told, while there is none.
     *
     * <p>So who has the documents as they were at {@code seq}, and goes on from {@link Changes#last} each time, has them as they are now
     * when he comes to the head, whatever is appended meanwhile, and never one older than he had. No call takes long, so one may
     * find nothing.
     *
     * @param seq less than {@code limit}
     * @param maxBytes stop after the document that reaches this many bytes
     * @param limit nothing after it is looked at; if it is beyond what was appended, what is found is all of one moment, of which the
     *     last may not be shown to anybody yet
     * @return empty if it is not known any more what changed
     */
    default Optional<Changes> changes(long seq, Selection selection, int maxBytes, long limit) throws FeedLogException {
        return Optional.empty();
    }

    /** The least number after which {@link #changes} knows what changed; {@link Long#MAX_VALUE} if it knows nothing. Does not block. */
    default long changesKnownAfter() {
        return Long.MAX_VALUE;
    }

    /** A document as the newest update left it; empty if there is none. */
    Optional<StoredDocument> document(Collection collection, Key key) throws FeedLogException;

    /** Sequence number of the update that gave a document its value, which is not read; 0 if there is no such document. */
    long seqOf(Collection collection, Key key) throws FeedLogException;

    /** Opens a view of the documents at the newest position; it does not hold up appends. */
    Snapshot snapshot(Selection selection) throws FeedLogException;

    /**
     * Drops the oldest batches that {@code retention} no longer asks for. Called after each append, so it is cheap when there
     * is little to drop, and may wait until it is worth while.
     *
     * @param keepAfter a sequence number; batches with later updates stay in any case
     */
    void trim(Retention retention, long keepAfter) throws FeedLogException;

    /**
     * What a compaction has done.
     *
     * @param bytesBefore that the tables had
     */
    record Compacted(long bytesBefore, long bytesAfter) {}

    /** Writes all tables anew, without what was overwritten and deleted. Takes its time; reads and appends go on. */
    default Compacted compact() throws FeedLogException {
        throw new FeedLogException("this store cannot be compacted");
    }

    /**
     * Copies all of the log and the documents as they are at one moment, while they are written to.
     *
     * @param directory does not exist; its parent does. It holds a store of its own then
     * @throws FeedLogException if that cannot be done, or this log cannot be copied
     */
    default void copyTo(Path directory) throws FeedLogException {
        throw new FeedLogException("this store cannot be copied while it is used");
    }

    /** Releases the store, and the snapshots that are still open. Nothing but their closing may be called during or after it. */
    @Override
    void close();
}
