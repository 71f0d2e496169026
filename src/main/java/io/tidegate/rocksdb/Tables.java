package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** RocksDB's tables, each read as a file of its own: RocksDB tells of the first that is damaged, and not always by its name. */
final class Tables {

    /** Who starts a server waits for the line that says why it does not; to read all of a large store takes minutes. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private Tables() {}

    /** Why one cannot be read to its end; empty if it can. */
    static Optional<String> damage(Path table) {
        try (var options = new Options();
                var reader = new SstFileReader(options)) {
            reader.open(table.toString());
            reader.verifyChecksum();
            return Optional.empty();
        } catch (RocksDBException e) {
            return Optional.of(Failures.reason(e));
        }
    }

    /** Whether one of the log has that update. */
    static boolean logHas(Path table, long seq) {
        try (var options = new Options();
                var reader = new SstFileReader(options)) {
            reader.open(table.toString());
            if (!new String(reader.getTableProperties().getColumnFamilyName(), StandardCharsets.US_ASCII)
                    .equals(Database.LOG)) {
                return false;
            }
            try (var read = new ReadOptions();
                    SstFileReaderIterator batches = reader.newIterator(read)) {
                batches.seekForPrev(Database.bytes(seq));
                return batches.isValid() && Batch.of(batches.value()).contains(seq);
            }
        } catch (RocksDBException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Those in a directory that cannot be read, by name, and why; a server that was killed may have left one that nobody needs. */
    static Map<String, String> damaged(StoreDirectory directory) throws IOException {
        Map<String, String> damaged = new TreeMap<>();
        for (Path table : newestFirst(directory)) {
            damage(table).ifPresent(why -> damaged.put(String.valueOf(table.getFileName()), why));
        }
        return damaged;
    }

    private static List<Path> newestFirst(StoreDirectory directory) throws IOException {
        // They are numbered, with zeros in front of small numbers.
        Comparator<Path> oldestFirst =
                Comparator.comparingInt(file -> file.toString().length());
        return directory.tables().stream()
                .sorted(oldestFirst.thenComparing(Comparator.naturalOrder()).reversed())
                .toList();
    }

    /**
     * The names of those that cannot be read, for people, in front of what RocksDB says; empty if there are none, or that cannot be told. If
     * there are too many to read all of them now, it says so.
     */
    static String named(StoreDirectory directory) {
        return named(directory, LOOK);
    }

    static String named(StoreDirectory directory, Duration patience) {
        long begun = System.nanoTime();
        List<String> said = new ArrayList<>();
        try {
            for (Path table : newestFirst(directory)) {
                if (System.nanoTime() - begun >= patience.toNanos()) {
                    said.add("which of its older tables cannot be read, 'verify' tells");
                    break;
                }
                damage(table).ifPresent(why -> said.add(String.valueOf(table.getFileName())));
            }
        } catch (IOException e) {
            // Then RocksDB's words have to do.
        }
        return said.isEmpty() ? "" : String.join(", ", said) + ": ";
    }
}
