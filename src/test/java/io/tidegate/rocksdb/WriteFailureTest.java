package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WriteFailureTest {

    private static final int VALUE_BYTES = 64 << 10;

    /** More than enough to fill write buffers and any disk in these tests. */
    private static final int MOST_BATCHES = 2000;

    @TempDir
    Path temporary;

    private final Random random = new Random(7);
    private int round;

    /** Appends two documents of one value until that fails. */
    private FeedLogException appendUntilFailure(Publisher publisher) {
        for (int i = 0; i < MOST_BATCHES; i++) {
            FeedLogException failure = catchThrowableOfType(FeedLogException.class, () -> appendPair(publisher));
            if (failure != null) {
                return failure;
            }
        }
        return fail("the writes never failed");
    }

    private void appendPair(Publisher publisher) throws FeedLogException {
        var value = new StringBuilder(VALUE_BYTES).append("\"").append(round++);
        while (value.length() < VALUE_BYTES) {
            value.append((char) ('a' + random.nextInt(26)));
        }
        String json = value.append('"').toString();
        publisher.append(Change.put("left", "x", json), Change.put("right", "x", json));
    }

    private static void assertHoldsWhatWasAccepted(RocksFeedLog log, Publisher publisher) throws FeedLogException {
        assertThat(Contents.linesAfter(0, log))
                .hasSize((int) requireNonNull(log.last()).lastSeq());
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(publisher.documents());
    }

    @Test
    void storeWhoseDirectoryWasAwayIsReopenedByALaterAppend() throws Exception {
        var settings = new StoreSettings(temporary.resolve("store"), Durability.OS);
        Path away = temporary.resolve("away");
        try (var log = RocksFeedLog.open(settings, Duration.ZERO)) {
            var publisher = new Publisher(log);
            appendPair(publisher);
            Snapshot snapshot = log.snapshot(Selection.ALL);

            Files.move(settings.directory(), away);
            FeedLogException failure = appendUntilFailure(publisher);
            assertThat(failure)
                    .message()
                    .contains(settings.directory() + " is no longer in this server's hands: it was moved")
                    .doesNotContain("\n");
            assertThatThrownBy(() -> appendPair(publisher)).isInstanceOf(FeedLogException.class);
            assertHoldsWhatWasAccepted(log, publisher);
            assertThat(Contents.all(snapshot)).isNotEmpty();

            Files.move(away, settings.directory());
            appendPair(publisher);
            assertHoldsWhatWasAccepted(log, publisher);
            assertThatThrownBy(() -> snapshot.read(Snapshot.START, document -> false))
                    .hasMessageContaining("take a new one");
            snapshot.close();
            Path image = Crash.image(settings.directory(), temporary);
            try (var afterCrash = RocksFeedLog.open(new StoreSettings(image, Durability.OS))) {
                assertHoldsWhatWasAccepted(afterCrash, publisher);
            }
        }
    }

    /** It has a commit that nobody was told of, as when there was no memory between the two. */
    @Test
    void storeThatIsNotTheSameAfterAFailureIsNotWrittenTo() throws Exception {
        var settings = new StoreSettings(temporary.resolve("store"), Durability.OS);
        List<Change> changes = List.of(Change.put("c", "b", "2"), Change.put("c", "c", "3"));
        try (var log = RocksFeedLog.open(settings, Duration.ZERO)) {
            var publisher = new Publisher(log);
            publisher.append(Change.put("c", "a", "1"));
            List<Batch> batches = batchesOfOne(changes, requireNonNull(log.last()));
            assertThatThrownBy(() -> log.append(unheardOf(batches), changes)).isInstanceOf(OutOfMemoryError.class);
            assertThat(requireNonNull(log.last()).lastSeq()).isEqualTo(1);

            String refusal = "ends at update 3 instead of 1: restart the server";
            assertThatThrownBy(() -> publisher.append(Change.put("c", "d", "4")))
                    .hasMessageContaining(refusal);
            assertThatThrownBy(() -> publisher.append(Change.put("c", "d", "4")))
                    .hasMessageContaining(refusal);
            assertThatThrownBy(() -> log.read(0, 1)).hasMessageContaining(refusal);
        }
        try (var log = RocksFeedLog.open(settings)) {
            assertThat(requireNonNull(log.last()).lastSeq()).isEqualTo(3);
            assertThat(Contents.linesAfter(0, log)).hasSize(3);
            assertThat(Contents.documents(log, Selection.ALL)).hasSize(3);
        }
    }

    private static List<Batch> batchesOfOne(List<Change> changes, Batch last) {
        var builder = new Batch.Builder(new PlainLines());
        List<Batch> batches = new ArrayList<>();
        for (Change change : changes) {
            Batch before = batches.isEmpty() ? last : batches.get(batches.size() - 1);
            long seq = before.lastSeq() + 1;
            batches.add(builder.build(List.of(change), seq, seq, before.bytesAfter(), before.committedAtMillis()));
        }
        return batches;
    }

    /** They can be read one after the other, as a commit does, but the last one is not told. */
    private static List<Batch> unheardOf(List<Batch> batches) {
        return new ArrayList<>(batches) {
            private static final long serialVersionUID = 1;

            @Override
            public Batch get(int index) {
                if (index == size() - 1) {
                    throw new OutOfMemoryError("as it is told");
                }
                return super.get(index);
            }
        };
    }

    @Test
    void appendsGoOnWhenAFullDiskHasRoomAgain() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()), "mounting needs root");
        try {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[20 << 20]);
            var settings = new StoreSettings(disk.resolve("store"), Durability.SYNC);

            Map<String, String> documents = fillAndFree(settings, ballast);

            try (var log = RocksFeedLog.open(settings)) {
                assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(documents);
            }
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private Map<String, String> fillAndFree(StoreSettings settings, Path ballast) throws Exception {
        try (var log = RocksFeedLog.open(settings)) {
            var publisher = new Publisher(log);
            appendPair(publisher);
            Snapshot snapshot = log.snapshot(Selection.ALL);
            Map<String, String> before = Map.copyOf(publisher.documents());

            assertThat(appendUntilFailure(publisher)).message().contains("is full: free 32 MiB");
            assertThatThrownBy(() -> appendPair(publisher)).hasMessageContaining("is full: free 32 MiB");
            assertHoldsWhatWasAccepted(log, publisher);

            Files.delete(ballast);
            appendPairWithin(Duration.ofSeconds(60), publisher);
            assertHoldsWhatWasAccepted(log, publisher);
            assertThat(Contents.documents(snapshot)).isEqualTo(before);
            return publisher.documents();
        }
    }

    @Test
    void storeThatFilledItsDiskOpensAgain() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()), "mounting needs root");
        try {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[20 << 20]);
            var settings = new StoreSettings(disk.resolve("store"), Durability.SYNC);
            Publisher publisher;
            try (var log = RocksFeedLog.open(settings)) {
                publisher = new Publisher(log);
                assertThat(appendUntilFailure(publisher)).isNotNull();
            }

            Files.delete(ballast);

            try (var log = RocksFeedLog.open(settings)) {
                assertHoldsWhatWasAccepted(log, publisher);
            }
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    /** RocksDB looks every five seconds whether there is room. */
    private void appendPairWithin(Duration patience, Publisher publisher) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (catchThrowableOfType(FeedLogException.class, () -> appendPair(publisher)) != null) {
            assertThat(System.nanoTime()).as("time to recover").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
