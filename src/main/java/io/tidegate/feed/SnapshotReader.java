package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Document;
import io.tidegate.document.Utf8Buffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Streams a snapshot as event lines: reads one chunk ahead of the follower, so that the store and the socket work at the
 * same time, and never more than that, so that memory stays bounded.
 *
 * <p>Used by one thread at a time, the follower's; the reading happens on the read executor.
 */
public final class SnapshotReader {

    /** A piece of the snapshot; the last one has no lines. */
    private record Chunk(ByteString lines, int documents) {}

    private final Executor reads;
    private final EventEncoder encoder;
    private final int chunkBytes;
    private final ReadBudget budget;
    private final Wakeup wakeup;
    private final CompletableFuture<Snapshot> opened;

    private CompletableFuture<Chunk> ahead;
    private long documents;
    private boolean atEnd;
    private boolean closed;

    SnapshotReader(
            BlockingRead.Call<Snapshot> open,
            EventEncoder encoder,
            int chunkBytes,
            ReadBudget budget,
            Executor reads,
            Wakeup wakeup) {
        this.reads = reads;
        this.encoder = encoder;
        this.chunkBytes = chunkBytes;
        this.budget = budget;
        budget.enter();
        this.wakeup = wakeup;
        opened = BlockingRead.start(reads, open);
        ahead = opened.thenCompose(this::readAhead);
        wakeWhenRead();
    }

    private CompletableFuture<Chunk> readAhead(Snapshot snapshot) {
        return BlockingRead.start(reads, () -> {
            int share = budget.share(chunkBytes);
            List<Document> next = snapshot.read(share);
            var buffer = new Utf8Buffer(share + share / 2);
            for (Document document : next) {
                encoder.document(document, buffer);
            }
            return new Chunk(ByteString.fromArrayUnsafe(buffer.toArray()), next.size());
        });
    }

    private void wakeWhenRead() {
        var unused = ahead.whenComplete((chunk, failure) -> wakeup.signal());
    }

    /**
     * The next event lines.
     *
     * @return null if there are none now; the wakeup is signalled when that has changed
     * @throws FeedLogException if the store cannot be read; the snapshot is over
     */
    public @Nullable ByteString poll() throws FeedLogException {
        if (atEnd || !ahead.isDone()) {
            return null;
        }
        Chunk chunk = BlockingRead.result(ahead);
        if (chunk.documents() == 0) {
            atEnd = true;
            return null;
        }
        documents += chunk.documents();
        ahead = opened.thenCompose(this::readAhead);
        wakeWhenRead();
        return chunk.lines();
    }

    /** True when all documents were handed out. */
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Sequence number of the snapshot; known when the first chunk or the end was seen. */
    public long seq() {
        return opened.join().seq();
    }

    /** How many documents were handed out. */
    public long documents() {
        return documents;
    }

    /** Releases the snapshot, after a read that is under way. */
    public void close() {
        if (!closed) {
            closed = true;
            budget.leave();
            var unused = ahead.exceptionally(failure -> new Chunk(ByteString.emptyByteString(), 0))
                    .thenCombineAsync(opened, (chunk, snapshot) -> release(snapshot), reads);
        }
    }

    private static boolean release(Snapshot snapshot) {
        snapshot.close();
        return true;
    }
}
