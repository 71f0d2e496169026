package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** RocksDB's tables, each read as a file of its own: RocksDB tells of the first that is damaged, and not always by its name. */
final class Tables {

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
        try (Stream<Path> files = Files.list(directory.path())) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".sst")).toList()) {
                damage(file).ifPresent(why -> damaged.put(String.valueOf(file.getFileName()), why));
            }
        }
        return damaged;
    }

    /** The same for people, in front of what RocksDB says; empty if there are none, or that cannot be told. */
    static String named(StoreDirectory directory) {
        try {
            List<String> names = List.copyOf(damaged(directory).keySet());
            return names.isEmpty() ? "" : String.join(", ", names) + ": ";
        } catch (IOException e) {
            return "";
        }
    }
}
