package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RocksDB's native part, which has to be unpacked from the jar to be loaded, unless it lies beside it already. */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static boolean loaded;

    private NativeLibrary() {}

    static synchronized void load() throws FeedLogException {
        if (loaded) {
            return;
        }
        try {
            if (isInstalled()) {
                RocksDB.loadLibrary();
            } else {
                loadFrom(Files.createTempDirectory("tidegate-rocksdb"));
            }
            loaded = true;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new FeedLogException(
                    "RocksDB's native library cannot be loaded (" + Failures.oneLine(String.valueOf(e))
                            + "): java.io.tmpdir = " + System.getProperty("java.io.tmpdir")
                            + " must be writable, not mounted noexec, and have 20 MiB free",
                    e);
        }
    }

    /** Whether it is where Java looks for such libraries: then nothing is unpacked at each start, and no directory is needed for it. */
    private static boolean isInstalled() {
        String file = Environment.getJniLibraryFileName("rocksdb");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.library.path", ""))
                .anyMatch(directory -> Files.isRegularFile(Path.of(directory, file)));
    }

    private static void loadFrom(Path directory) throws IOException {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
            RocksDB.loadLibrary();
        } finally {
            delete(directory);
        }
    }

    /** At once, not at exit: a process that is killed would leave 15 MB behind each time. */
    private static void delete(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            // A system that does not let go of a loaded library; RocksDB deletes the file at exit.
            LOG.debug("The unpacked native library in {} stays until exit", directory, e);
        }
    }
}
