package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store to one process, and notices when it is no longer where it was.
 *
 * <p>It is held beside RocksDB's lock: a lock is gone with its file, so that a file that somebody deletes lets a second server in,
 * which both would take for theirs. And neither lock tells that the directory was moved away under it.
 */
final class StoreLock implements AutoCloseable {

    static final String FILE = "tidegate-lock";

    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

    private final Path directory;
    private final FileChannel channel;

    /** The directory and the files that stand for it, with what the file system knows each by. Written before it is shared. */
    private final Map<Path, @Nullable Object> identities = new LinkedHashMap<>();

    private StoreLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @throws FeedLogException if another process has the store open, or this one */
    static StoreLock take(Path directory) throws FeedLogException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Released when the channel is closed, or the process ends.
            if (channel.tryLock() != null) {
                var taken = new StoreLock(directory, channel);
                channel = null;
                return taken;
            }
        } catch (OverlappingFileLockException e) {
            throw new FeedLogException(
                    "the store " + directory
                            + " is open in this process already: close it there, or choose another directory",
                    e);
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + directory + " cannot be locked (" + Failures.reason(e)
                            + "): check its disk, and that this user may write to the directory",
                    e);
        } finally {
            close(channel);
        }
        throw inUse(directory);
    }

    static FeedLogException inUse(Path directory) {
        return new FeedLogException(
                "the store " + directory + " is in use by another process: stop that one, or choose another directory");
    }

    /** To be called when RocksDB is open and has its lock. */
    void remember() throws FeedLogException {
        for (Path path : List.of(directory, directory.resolve(FILE), directory.resolve(StoreDirectory.LOCK))) {
            try {
                identities.put(path, identity(path));
            } catch (IOException e) {
                throw new FeedLogException("the store " + directory + " cannot be read: " + Failures.reason(e), e);
            }
        }
    }

    private static @Nullable Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** What has happened to the store that makes it no longer this process's, and what to do; null if nothing has. Costs some microseconds. */
    @Nullable
    String loss() {
        for (Map.Entry<Path, @Nullable Object> known : identities.entrySet()) {
            Path path = known.getKey();
            boolean isAll = path.equals(directory);
            String what = isAll ? "it" : "its file " + path.getFileName();
            String advice = isAll ? "put it back, or stop the server" : "restart the server";
            try {
                if (!Objects.equals(identity(path), known.getValue())) {
                    return what + " was replaced by another; " + advice;
                }
            } catch (NoSuchFileException e) {
                return what + " was moved or deleted; " + advice;
            } catch (IOException e) {
                return what + " cannot be seen any more: " + Failures.reason(e);
            }
        }
        return null;
    }

    /** Frees the store for others, after RocksDB's lock. */
    @Override
    public void close() {
        close(channel);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of a store is given back when this process ends: {}", Failures.reason(e));
        }
    }
}
