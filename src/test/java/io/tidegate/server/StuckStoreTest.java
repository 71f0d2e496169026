package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.tidegate.Await;
import io.tidegate.Timing;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainReport;
import io.tidegate.feed.MemoryFeedLog;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drain while a commit hangs: it ends in time all the same, and its report says what happened. */
@Timeout(120)
class StuckStoreTest {

    @TempDir
    Path directory;

    private final MemoryFeedLog feedLog = new MemoryFeedLog();

    private Tidegate start() throws StartException {
        Config config = ServerConfig.complete(TestServer.config(directory, "tidegate.drain.timeout = 20 s"));
        return Startup.start(config, ServerSettings.from(config), directory -> feedLog);
    }

    @Test
    void aDrainWhileACommitHangsEndsInTimeAndSaysSo() throws Exception {
        Tidegate server = start();
        CountDownLatch stuck = feedLog.holdAppends();
        try (var follower = TestServer.client(server);
                var publisher = TestServer.client(server)) {
            follower.send("updates");
            assertThat(follower.lines(2).get(0)).contains("subscribed");
            publisher.send("put orders o-1 1");
            await(feedLog);

            var ended = server.drain("test").toCompletableFuture();

            // Half of the time for the commit; then the follower gets what it is owed, and never the stuck update.
            assertThat(follower.rest()).singleElement().asString().contains("goodbye", "\"seq\":0,");
            follower.halfClose();
            assertThat(publisher.rest())
                    .hasSize(2)
                    .first()
                    .asString()
                    .as("the answer to the put, before the goodbye")
                    .contains("store-failed");
            publisher.halfClose();
            DrainReport report = ended.join();
            assertThat(report.commitAbandoned()).isTrue();
            assertThat(report.completed()).isEqualTo(2);
            assertThat(report.aborted()).isZero();
            assertThat(report.updates()).isZero();
            assertThat(report.toString()).contains("the store did not finish its last commit");
            assertThat(report.toJson()).contains("\"commitAbandoned\":true");
            assertThat(report.duration().toMillis()).isGreaterThanOrEqualTo(1000);
            Timing.onQuietMachine(() -> assertThat(report.duration().toMillis()).isLessThanOrEqualTo(30_000));
        } finally {
            stuck.countDown();
            server.close();
        }
    }

    @Test
    void aDrainThatIsForcedWhileACommitHangsEndsAtOnce() throws Exception {
        Tidegate server = start();
        CountDownLatch stuck = feedLog.holdAppends();
        try {
            var result = server.publish(Change.put("orders", "o-1", "1")).toCompletableFuture();
            await(feedLog);
            server.beginDrain("test");

            server.force("test");

            DrainReport report = server.whenTerminated().toCompletableFuture().join();
            assertThat(report.forced()).isTrue();
            assertThat(report.commitAbandoned()).isTrue();
            assertThatThrownBy(result::join).hasCauseInstanceOf(PublishException.class);
        } finally {
            stuck.countDown();
            server.close();
        }
    }

    /** Returns when the commit hangs. */
    private static void await(MemoryFeedLog feedLog) {
        Await.until(() -> feedLog.heldAppends() > 0);
    }
}
