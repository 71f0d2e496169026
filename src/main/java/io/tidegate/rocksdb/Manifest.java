package io.tidegate.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RocksDB's list of the tables that a store has, a file of records like a write-ahead log. What was cut off at its end was never
 * written, for RocksDB: the tables that are named there are none of the store's, and the next start deletes them.
 */
final class Manifest {

    private static final String CURRENT = "CURRENT";

    private Manifest() {}

    /**
     * Whether updates are missing because the list is damaged.
     *
     * @param listed names of the tables that RocksDB finds in it
     * @param missing the first update that is
     * @return what is wrong with which file
     */
    static Optional<String> damage(StoreDirectory directory, Set<String> listed, long missing) {
        try {
            String name = current(directory);
            WalFile file = WalFile.read(directory.path().resolve(name));
            if (file.badAt() < file.bytes()) {
                return Optional.of(
                        String.format("%s, the list of its tables, is not whole after byte %,d", name, file.badAt()));
            }
            return unlisted(directory, listed).stream()
                    .filter(table -> Tables.logHas(table, missing))
                    .findAny()
                    .map(table -> name + ", the list of its tables, ends too soon: " + table.getFileName()
                            + ", which has update " + String.format("%,d", missing) + ", is not in it");
        } catch (IOException e) {
            // Why the store has lost something is told otherwise then.
            return Optional.empty();
        }
    }

    /** Whether there are tables at all, listed or not. */
    static boolean hasTables(StoreDirectory directory) {
        try {
            return !directory.tables().isEmpty();
        } catch (IOException e) {
            // Better not to be taken for new.
            return true;
        }
    }

    /** The list's file; that of its name if this cannot be read. */
    static String name(StoreDirectory directory) {
        try {
            return current(directory);
        } catch (IOException e) {
            return CURRENT;
        }
    }

    private static String current(StoreDirectory directory) throws IOException {
        return Files.readString(directory.path().resolve(CURRENT)).strip();
    }

    private static List<Path> unlisted(StoreDirectory directory, Set<String> listed) throws IOException {
        return directory.tables().stream()
                .filter(file -> !listed.contains(String.valueOf(file.getFileName())))
                .sorted()
                .toList();
    }
}
