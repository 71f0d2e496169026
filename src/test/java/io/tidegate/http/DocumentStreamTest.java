package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Stretch;
import io.tidegate.feed.TextEncoder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents in pieces, which are read by other threads than the one that waits for the first. */
@Timeout(120)
class DocumentStreamTest {

    private static final int ROUNDS = 3000;
    private static final int DOCUMENTS = 4;

    /** Less than one document: each is a piece of its own. */
    private static final int CHUNK_BYTES = 1;

    @Test
    void noPieceIsLostHoweverSoonTheNextIsRead() throws Exception {
        ExecutorService reads = Executors.newFixedThreadPool(2);
        var feed = new Feed(
                new MemoryFeedLog(),
                FeedLimits.roomy().snapshotCacheBytes(0).settings(),
                new TextEncoder(),
                Runnable::run,
                reads,
                Runnable::run,
                CommitObserver.NONE);
        for (int i = 0; i < DOCUMENTS; i++) {
            var unused = feed.publish(Change.put("c", "k" + i, "1"), () -> {});
        }
        try {
            for (int round = 0; round < ROUNDS; round++) {
                DocumentStream stream = DocumentStream.open(
                                feed, RoomyRoutes.CALLER, Selection.ALL, Stretch.ALL, CHUNK_BYTES)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                ByteString body = whole(stream);
                stream.close();
                assertThat(body.utf8String().lines()).as("round %s", round).hasSize(DOCUMENTS);
            }
        } finally {
            reads.shutdown();
        }
    }

    @Test
    void whateverAReadFailsOfIsTold() {
        var rejects = new AtomicBoolean();
        var feed = new Feed(
                new MemoryFeedLog(),
                FeedLimits.roomy().snapshotCacheBytes(0).settings(),
                new TextEncoder(),
                Runnable::run,
                task -> {
                    if (rejects.get()) {
                        throw new RejectedExecutionException("no more threads");
                    }
                    task.run();
                },
                Runnable::run,
                CommitObserver.NONE);
        rejects.set(true);

        assertThat(DocumentStream.open(feed, RoomyRoutes.CALLER, Selection.ALL, Stretch.ALL, CHUNK_BYTES))
                .isCompletedExceptionally();
    }

    private static ByteString whole(DocumentStream stream) throws Exception {
        var more = new Semaphore(1);
        stream.open(more::release);
        ByteString whole = ByteString.emptyByteString();
        while (!stream.isAtEnd()) {
            ByteString piece = stream.poll();
            if (piece != null) {
                whole = whole.concat(piece);
            } else if (!stream.isAtEnd()) {
                assertThat(more.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        return whole;
    }
}
