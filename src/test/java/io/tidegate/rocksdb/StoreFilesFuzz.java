package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.feed.Epochs;
import io.tidegate.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The files of a store that are read beside RocksDB, with any bytes in them. */
class StoreFilesFuzz {

    private static Path directory = Path.of(".");

    @BeforeAll
    static void createDirectory() throws IOException {
        directory = Files.createTempDirectory("tidegate-fuzz");
    }

    @AfterAll
    static void deleteDirectory() throws IOException {
        Crash.delete(directory);
    }

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatIsNotWholeIsToldAndNothingElseHappens(byte[] bytes) throws IOException {
        Path file = directory.resolve("000007.log");
        Files.write(file, bytes);
        WalFile wal = WalFile.read(file);
        assertThat(wal.bytes()).isEqualTo(bytes.length);
        assertThat(wal.badAt()).isBetween(0L, wal.bytes());

        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            Mark mark = Mark.parse(text);
            assertThat(mark.text()).isEqualTo(text);
        } catch (IOException e) {
            assertThat(e).hasMessage("it is not what was written");
        }
        try {
            assertThat(Epochs.parse(text).toString()).isEqualTo(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).message().isNotEmpty();
        }
    }
}
