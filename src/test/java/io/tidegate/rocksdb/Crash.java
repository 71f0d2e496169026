package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a crash leaves behind. */
final class Crash {

    private Crash() {}

    /** Files that RocksDB makes or removes during a copy; far more than it ever does at once. */
    private static final int COPIES = 100;

    /**
     * What a process that was killed just now would leave: a copy of the files of a store that is open. A file that came or
     * went during the copy would make it one that no moment has seen, so then it is made again.
     */
    static Path image(Path store, Path below) throws IOException {
        for (int copy = 1; copy <= COPIES; copy++) {
            Path image = Files.createTempDirectory(below, "image");
            List<Path> files = files(store);
            if (copyAll(files, image) && files(store).equals(files)) {
                return image;
            }
        }
        throw new IOException("the files of " + store + " do not come to rest");
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.sorted().toList();
        }
    }

    private static boolean copyAll(List<Path> files, Path image) throws IOException {
        try {
            for (Path file : files) {
                Files.copy(file, image.resolve(file.getFileName()));
            }
            return areTablesWhole(files, image);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A table that was being written when it was copied is one that the files copied after it may have as finished. */
    private static boolean areTablesWhole(List<Path> files, Path image) throws IOException {
        for (Path file : files) {
            if (file.toString().endsWith(".sst") && Files.size(file) != Files.size(image.resolve(file.getFileName()))) {
                return false;
            }
        }
        return true;
    }

    /** Puts an image in the place of a store. */
    static void copy(Path image, Path store) throws IOException {
        for (Path file : files(image)) {
            Files.copy(file, store.resolve(file.getFileName()));
        }
    }

    /** Gives the room of an image back, before the test ends. */
    static void delete(Path image) throws IOException {
        for (Path file : files(image)) {
            Files.delete(file);
        }
        Files.delete(image);
    }

    /** The write-ahead log that was written last. */
    static Path newestWal(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** Runs {@link #main} in a process of its own. */
    static Process start(Path store, Durability durability) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crash.class.getName(),
                        store.toString(),
                        durability.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A server to be killed: appends to the store in {@code args[0]} and prints each number that is acknowledged. */
    public static void main(String[] args) throws FeedLogException {
        var settings = new StoreSettings(Path.of(args[0]), Durability.valueOf(args[1]));
        try (var log = RocksFeedLog.open(settings)) {
            var publisher = new Publisher(log);
            for (int i = 0; i < 1_000_000; i++) {
                String value = Integer.toString(i);
                long seq = publisher
                        .append(Change.put("left", "x", value), Change.put("right", "x", value))
                        .lastSeq();
                System.out.println(seq);
            }
        }
    }
}
