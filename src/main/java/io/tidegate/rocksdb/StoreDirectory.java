package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of a store, as the file system sees it. */
final class StoreDirectory {

    private static final String PROBE = "tidegate-probe";

    private final Path path;

    private StoreDirectory(Path path) {
        this.path = path;
    }

    /** Makes sure that it exists; one that is created here is for its owner only. */
    static StoreDirectory prepare(Path path) throws FeedLogException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new FeedLogException("the store " + path + " is not a directory: choose another path");
        }
        try {
            create(path);
            // RocksDB knows by the path's text whether this process has it open already: one text for one directory.
            var directory = new StoreDirectory(path.toRealPath());
            directory.requireWhole();
            return directory;
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + path + " cannot be created or read (" + Failures.reason(e)
                            + "): check the path and that this user may write to it",
                    e);
        }
    }

    private static void create(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null || Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(parent);
        boolean posix = Files.getFileStore(parent).supportsFileAttributeView("posix");
        Files.createDirectory(path, posix ? ownerOnly() : new FileAttribute<?>[0]);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        };
    }

    /** RocksDB takes a directory without CURRENT for a new one, and would delete the data that a bad copy left there. */
    private void requireWhole() throws IOException, FeedLogException {
        if (Files.exists(path.resolve("CURRENT"))) {
            return;
        }
        try (DirectoryStream<Path> data = Files.newDirectoryStream(path, "*.{sst,log}")) {
            if (data.iterator().hasNext()) {
                throw new FeedLogException("the store " + path + " is incomplete, its file CURRENT is missing:"
                        + " restore it from a backup, or empty the directory to start anew");
            }
        }
    }

    /** Whether {@code bytes} are free, and a small file can be written and forced to the disk. */
    boolean takesWrites(long bytes) {
        Path probe = path.resolve(PROBE);
        try {
            FileStore disk = Files.getFileStore(path);
            if (disk.getUsableSpace() < bytes) {
                return false;
            }
            writeForced(probe);
            Files.delete(probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void writeForced(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(4096);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
