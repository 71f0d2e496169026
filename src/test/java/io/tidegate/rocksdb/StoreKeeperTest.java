package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Position;
import io.tidegate.feed.FeedLogException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreKeeperTest {

    private static final Position HEAD = new Position("k7f3x2ab", 3);

    @TempDir
    Path temporary;

    @Test
    void whatIsDoneWhenTheStoreIsLostMayWaitForItsClose() throws Exception {
        StoreDirectory directory = StoreDirectory.prepare(temporary.resolve("store"));
        StoreLock lock = StoreLock.take(directory.path());
        Files.createFile(directory.path().resolve(StoreDirectory.LOCK));
        lock.remember();
        var running = new CompletableFuture<StoreKeeper>();
        var settled = new AtomicReference<CompletableFuture<Void>>();
        try (StoreKeeper keeper = StoreKeeper.start(directory, lock, Durability.OS, HEAD, () -> {
            // The close that came just before holds what this waits for, and writes the last mark now.
            var mark = CompletableFuture.runAsync(running.join()::settled).orTimeout(20, TimeUnit.SECONDS);
            settled.set(mark);
            mark.exceptionally(late -> null).join();
        })) {
            running.complete(keeper);
            Files.move(directory.path(), temporary.resolve("elsewhere"));

            assertThatThrownBy(keeper::requireOurs).isInstanceOf(FeedLogException.class);

            assertThat(running).isCompleted();
            assertThat(settled.get()).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }
}
