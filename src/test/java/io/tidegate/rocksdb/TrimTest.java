package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TrimTest extends StoreFixture {

    private static final long MUCH = 1L << 60;
    private static final long NOBODY_READS = Long.MAX_VALUE;

    @Test
    void keepsSoManyUpdates() throws FeedLogException {
        publisher.appendOrders(50);

        log.trim(new Retention(10, MUCH, Duration.ZERO), NOBODY_READS);

        assertThat(oldestSeq()).isEqualTo(41);
        assertThat(log.read(0, 1).get(0).firstSeq()).isEqualTo(41);
        assertThat(Contents.linesAfter(0, log)).hasSize(10);
        assertThat(Contents.documents(log, Selection.ALL)).hasSize(50);
    }

    @Test
    void dropsABatchWhenItsFirstUpdateIsOverTheLimit() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"), Change.put("c", "b", "1"));
        publisher.append(Change.put("c", "a", "2"), Change.put("c", "b", "2"));

        log.trim(new Retention(3, MUCH, Duration.ZERO), NOBODY_READS);

        assertThat(oldestSeq()).isEqualTo(3);
    }

    @Test
    void keepsSoManyBytes() throws FeedLogException {
        publisher.appendOrders(50);
        long total = last().bytesAfter();

        log.trim(new Retention(MUCH, total / 2, Duration.ZERO), NOBODY_READS);

        Batch oldest = oldest();
        assertThat(total - oldest.bytesBefore()).isLessThanOrEqualTo(total / 2);
        assertThat(total - oldest.bytesBefore() + oldest.stored().length).isGreaterThan(total / 2);
    }

    @Test
    void keepsWhatIsYoungEnough() throws FeedLogException {
        long now = System.currentTimeMillis();
        long hour = Duration.ofHours(1).toMillis();
        for (int age = 9; age >= 0; age--) {
            publisher.appendAt(now - age * hour, Change.put("c", "a", Integer.toString(age)));
        }

        log.trim(new Retention(MUCH, MUCH, Duration.ZERO), NOBODY_READS);
        assertThat(oldestSeq()).isEqualTo(1);

        log.trim(new Retention(MUCH, MUCH, Duration.ofMinutes(150)), NOBODY_READS);
        assertThat(Contents.linesAfter(0, log)).containsExactly("8 c/a 2", "9 c/a 1", "10 c/a 0");
    }

    @Test
    void keepsWhatIsBeingRead() throws FeedLogException {
        publisher.appendOrders(20);

        log.trim(new Retention(1, 1, Duration.ofMillis(1)), 7);
        assertThat(oldestSeq()).isEqualTo(8);

        log.trim(new Retention(1, 1, Duration.ofMillis(1)), 0);
        assertThat(oldestSeq()).isEqualTo(8);
    }

    @Test
    void neverDropsTheLastBatch() throws FeedLogException {
        log.trim(new Retention(1, 1, Duration.ofMillis(1)), NOBODY_READS);
        publisher.appendOrders(20);
        publisher.appendAt(0, Change.put("c", "a", "1"), Change.put("c", "b", "1"));

        log.trim(new Retention(1, 1, Duration.ofMillis(1)), NOBODY_READS);

        assertThat(log.oldest()).isEqualTo(log.last());
        assertThat(Contents.linesAfter(0, log)).containsExactly("21 c/a 1", "22 c/b 1");
    }

    @Test
    void isPutOffUntilTheLimitIsPassedByASixtyFourth() throws FeedLogException {
        var retention = new Retention(128, MUCH, Duration.ZERO);
        publisher.appendOrders(130);

        log.trim(retention, NOBODY_READS);
        assertThat(oldestSeq()).isEqualTo(1);

        publisher.appendOrders(1);
        log.trim(retention, NOBODY_READS);
        assertThat(oldestSeq()).isEqualTo(4);
    }

    @Test
    void oldestIsTheSameAfterReopening() throws FeedLogException {
        publisher.appendOrders(30);
        log.trim(new Retention(5, MUCH, Duration.ZERO), NOBODY_READS);

        log.close();
        open();

        assertThat(oldestSeq()).isEqualTo(26);
        publisher.appendOrders(1);
        assertThat(Contents.linesAfter(0, log)).hasSize(6);
    }

    @Test
    void findsTheCutInBatchesOfAnySize() throws FeedLogException {
        var random = new Random(42);
        for (int round = 0; round < 100; round++) {
            publisher.append(orders(1 + random.nextInt(20)));
            long keep = 1L + random.nextInt(60);
            long last = last().lastSeq();

            log.trim(new Retention(keep, MUCH, Duration.ZERO), NOBODY_READS);

            List<Batch> kept = log.read(0, Integer.MAX_VALUE);
            assertThat(kept.get(0).stored()).isEqualTo(oldest().stored());
            assertThat(kept.size() == 1 || last - oldestSeq() < keep).isTrue();
        }
    }

    /** Incompressible, so that the log fills table files as fast as it grows. */
    private void appendLarge(Random random) throws FeedLogException {
        byte[] noise = new byte[32 << 10];
        random.nextBytes(noise);
        publisher.append(
                Change.put("c", "k" + random.nextInt(10), '"' + HexFormat.of().formatHex(noise) + '"'));
    }

    private static long tableBytes(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aKillAtAnyMomentLeavesALogWithoutHoles(@TempDir Path images) throws Exception {
        var random = new Random(7);
        var retention = new Retention(MUCH, 4 << 20, Duration.ZERO);
        for (int i = 1; i <= 2000; i++) {
            appendLarge(random);
            log.trim(retention, NOBODY_READS);
            if (i % 200 == 0) {
                Path image = Crash.image(directory, images);
                try (var found = RocksFeedLog.open(new StoreSettings(image, Durability.OS))) {
                    assertThat(requireNonNull(found.oldest()).firstSeq()).isLessThanOrEqualTo(oldestSeq());
                    assertIsWhole(found, i);
                }
                Crash.delete(image);
            }
        }

        // 128 MB were written; what is kept, 16 MiB that are not worth while, and what RocksDB is at work with.
        assertThat(tableBytes(directory)).isLessThan(100 << 20);
        assertThat(oldestSeq()).isGreaterThan(1900);
        assertIsWhole(log, 2000);
    }

    private static void assertIsWhole(RocksFeedLog log, long last) throws FeedLogException {
        long next = requireNonNull(log.oldest()).firstSeq();
        for (List<Batch> piece = log.read(0, 1 << 20); !piece.isEmpty(); piece = log.read(next - 1, 1 << 20)) {
            for (Batch batch : piece) {
                assertThat(batch.firstSeq()).isEqualTo(next);
                next = batch.lastSeq() + 1;
            }
        }
        assertThat(next).isEqualTo(last + 1);
    }

    private static Change[] orders(int count) {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < count; i++) {
            changes.add(Change.put("orders", "o-" + i, "1"));
        }
        return changes.toArray(Change[]::new);
    }

    private long oldestSeq() {
        return oldest().firstSeq();
    }

    private Batch oldest() {
        return requireNonNull(log.oldest());
    }

    private Batch last() {
        return requireNonNull(log.last());
    }
}
