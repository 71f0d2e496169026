package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Retention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a store that are made while it is written to. */
@Timeout(120)
class StoreCopyTest {

    /** Files are given back every now and then. */
    private static final Retention SHORT = new Retention(Long.MAX_VALUE / 2, 1 << 20, Duration.ZERO);

    private static final String VALUE = "\"" + "v".repeat(20_000) + "\"";

    @TempDir
    Path directory;

    private static RocksFeedLog open(Path store) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(store, Durability.OS));
    }

    /** Appends and trims until it is told to end. */
    private static CompletableFuture<Void> load(RocksFeedLog log, AtomicBoolean ends) {
        return CompletableFuture.runAsync(() -> {
            try {
                var publisher = new Publisher(log);
                for (int i = 0; !ends.get(); i++) {
                    publisher.append(Change.put("c", "k" + i % 100, VALUE));
                    log.trim(SHORT, Long.MAX_VALUE);
                }
            } catch (FeedLogException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aCopyThatIsMadeUnderLoadIsWholeUpToItsPosition() throws Exception {
        var ends = new AtomicBoolean();
        try (RocksFeedLog log = open(directory.resolve("store"))) {
            new Publisher(log).append(Change.put("c", "first", "1"));
            CompletableFuture<Void> load = load(log, ends);
            try {
                for (int i = 0; i < 2; i++) {
                    Path copy = directory.resolve("copy-" + i);
                    var head = new Position(
                            log.epochs().newest(), requireNonNull(log.last()).lastSeq());

                    log.copyTo(copy);

                    Mark.at(head, false, Durability.SYNC).write(copy);
                    requireWhole(copy, head);
                }
            } finally {
                ends.set(true);
            }
            load.join();
        }
    }

    private void requireWhole(Path copy, Position head) throws Exception {
        assertThat(StoreDirectory.writeAheadLogs(copy)).isEmpty();
        StoreReport report = StoreCheck.ofCopy(copy, new PlainLines());
        assertThat(report.problems()).isEmpty();
        assertThat(requireNonNull(report.last()).seq()).isGreaterThanOrEqualTo(head.seq());
        Path restored = directory.resolve("restored");
        StoreTransfer.of(restored).restore(copy);
        try (RocksFeedLog opened = open(restored)) {
            assertThat(requireNonNull(opened.last()).lastSeq())
                    .isEqualTo(requireNonNull(report.last()).seq());
            assertThat(Contents.documents(opened, Selection.ALL)).containsEntry("c/first", "1");
            new Publisher(opened).append(Change.put("c", "more", "1"));
        }
    }

    @Test
    void aCopyOfAStoreThatHasNothingIsOne() throws Exception {
        Path copy = directory.resolve("copy");
        try (RocksFeedLog log = open(directory.resolve("store"))) {
            log.copyTo(copy);
        }

        assertThat(StoreCheck.ofCopy(copy, new PlainLines()).problems()).isEmpty();
        try (RocksFeedLog opened = open(copy)) {
            assertThat(opened.last()).isNull();
        }
        assertThat(Files.exists(copy.resolve("CURRENT"))).isTrue();
    }
}
