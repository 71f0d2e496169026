package io.tidegate.rocksdb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A store as RocksDB alone sees it, which this version of the server or another one has written, or may have. */
final class RawStore {

    static final int LOG = 1;
    static final int STATE = 2;
    static final int META = 3;
    static final int CHANGES = 4;

    /** What is done with it. */
    interface Change {
        void apply(RocksDB rocks, List<ColumnFamilyHandle> families) throws RocksDBException;
    }

    private final Path directory;

    RawStore(Path directory) {
        this.directory = directory;
    }

    void putMeta(String key, String value) throws RocksDBException {
        change((rocks, families) -> rocks.put(families.get(META), utf8(key), utf8(value)));
    }

    void deleteMeta(String key) throws RocksDBException {
        change((rocks, families) -> rocks.delete(families.get(META), utf8(key)));
    }

    @Nullable
    String meta(String key) throws RocksDBException {
        var found = new ArrayList<String>();
        change((rocks, families) -> {
            byte[] value = rocks.get(families.get(META), utf8(key));
            if (value != null) {
                found.add(new String(value, StandardCharsets.UTF_8));
            }
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /** Makes one if there is none, in a former format. */
    void change(Change change) throws RocksDBException {
        var families = new ArrayList<ColumnFamilyHandle>();
        Stream<String> names = Stream.of("default", "log", "state", "meta");
        List<ColumnFamilyDescriptor> descriptors = (hasIndex() ? Stream.concat(names, Stream.of("changes")) : names)
                .map(name -> new ColumnFamilyDescriptor(utf8(name)))
                .toList();
        try (var options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
                RocksDB rocks = RocksDB.open(options, directory.toString(), descriptors, families)) {
            change.apply(rocks, families);
        }
    }

    /** As version 3 of the format has it. */
    void removeIndex() throws RocksDBException {
        putMeta("format", "3");
        change((rocks, families) -> rocks.dropColumnFamily(families.get(CHANGES)));
    }

    private boolean hasIndex() throws RocksDBException {
        try (var options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .anyMatch(name -> Arrays.equals(name, utf8("changes")));
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
