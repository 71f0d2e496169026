package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.tidegate.document.Change;
import io.tidegate.document.Filter;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.TextEncoder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
        ActorTestKit kit = ActorTestKit.create(
                ConfigFactory.parseString("akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off")
                        .withFallback(ConfigFactory.load()));
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
                DocumentStream stream = DocumentStream.open(feed, Filter.ALL, CHUNK_BYTES)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                ByteString body = stream.lines()
                        .runFold(ByteString.emptyByteString(), ByteString::concat, kit.system())
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                stream.close();
                assertThat(body.utf8String().lines()).as("round %s", round).hasSize(DOCUMENTS);
            }
        } finally {
            reads.shutdown();
            kit.shutdownTestKit();
        }
    }
}
