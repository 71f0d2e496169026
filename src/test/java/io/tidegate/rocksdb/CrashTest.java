package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CrashTest {

    @TempDir
    Path temporary;

    private static RocksFeedLog open(Path directory) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
    }

    @Test
    void everythingAcknowledgedIsThereAfterACrash() throws Exception {
        Path store = temporary.resolve("store");
        try (var log = open(store)) {
            var publisher = new Publisher(log);
            publisher.appendOrders(100);
            publisher.append(Change.delete("orders", "o-7"), Change.put("orders", "o-8", "\"new\""));

            try (var after = open(Crash.image(store, temporary))) {
                assertThat(after.epochs().include(new Position(log.epochs().newest(), 102), 102))
                        .isTrue();
                assertThat(after.epochs().of(102)).isEqualTo(log.epochs().of(102));
                assertThat(Contents.linesAfter(0, after)).hasSize(102).isEqualTo(Contents.linesAfter(0, log));
                assertThat(Contents.documents(after, Selection.ALL)).isEqualTo(publisher.documents());
            }
        }
    }

    @Test
    void tornTailCostsNothingButTheBatchThatWasTorn() throws Exception {
        Path store = temporary.resolve("store");
        try (var log = open(store)) {
            var publisher = new Publisher(log);
            for (int i = 1; i <= 20; i++) {
                String value = Integer.toString(i);
                publisher.append(Change.put("left", "x", value), Change.put("right", "x", value));
            }
        }
        long walBytes = Files.size(Crash.newestWal(store));

        for (long cut = 1; cut < walBytes / 2; cut += walBytes / 16) {
            Path image = Crash.image(store, temporary);
            // As a kill leaves it before anything noted how far it had come.
            Files.delete(image.resolve(Mark.FILE));
            truncate(Crash.newestWal(image), walBytes - cut);
            try (var log = open(image)) {
                assertLogAndDocumentsAgree(log);
                new Publisher(log).append(Change.put("left", "x", "0"), Change.put("right", "x", "0"));
            }
            try (var again = open(image)) {
                assertThat(Contents.documents(again, Selection.ALL)).containsEntry("left/x", "0");
            }
        }
    }

    private static void truncate(Path file, long bytes) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(bytes);
        }
    }

    private static void assertLogAndDocumentsAgree(RocksFeedLog log) throws FeedLogException {
        long last = requireNonNull(log.last()).lastSeq();
        String round = Long.toString(last / 2);
        assertThat(last).isPositive().isEven();
        assertThat(Contents.linesAfter(0, log)).hasSize((int) last);
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(Map.of("left/x", round, "right/x", round));
        assertThat(log.changes(0, Selection.ALL, 1000, last).orElseThrow().documents())
                .extracting(Changed::seq)
                .containsExactly(last - 1, last);
    }

    /** What an interrupted write may leave: a record's header is 4 bytes of checksum, 2 of length, and its type. */
    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2, 4, 5, 7, 11, 99})
    void garbageBehindTheTailIsIgnored(byte type) throws Exception {
        Path store = temporary.resolve("store");
        try (var log = open(store)) {
            new Publisher(log).appendOrders(20);
        }
        byte[] garbage = {1, 2, 3, 4, 2, 0, type, 8, 9, 10, 11, 12, 13, 14};
        Files.write(Crash.newestWal(store), garbage, StandardOpenOption.APPEND);

        try (var log = open(store)) {
            assertThat(Contents.linesAfter(0, log)).hasSize(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void storeOfAKilledProcessHoldsWhatItAcknowledged(Durability durability) throws Exception {
        Path store = temporary.resolve("store");
        Process server = Crash.start(store, durability);
        long acknowledged = 0;
        try (BufferedReader numbers = server.inputReader(StandardCharsets.US_ASCII)) {
            while (acknowledged < 1000) {
                acknowledged = Long.parseLong(requireNonNull(numbers.readLine()));
            }
            assertThatThrownBy(() -> open(store)).hasMessageContaining("is in use by another process");
            // Through the handle: the output of the process stays readable.
            assertThat(server.toHandle().destroyForcibly()).isTrue();
            for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
                acknowledged = Long.parseLong(line);
            }
        } finally {
            server.destroyForcibly();
        }

        try (var log = open(store)) {
            assertThat(requireNonNull(log.last()).lastSeq()).isGreaterThanOrEqualTo(acknowledged);
            assertThat(Contents.linesAfter(0, log)).hasSizeGreaterThanOrEqualTo((int) acknowledged);
            Map<String, String> documents = Contents.documents(log, Selection.ALL);
            assertThat(documents.get("left/x")).isEqualTo(documents.get("right/x"));
        }
    }
}
