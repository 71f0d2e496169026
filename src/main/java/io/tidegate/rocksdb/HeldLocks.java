package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Keeps a store that nobody has open from others while it is looked at: takes the locks whose files are there, and makes none. */
final class HeldLocks implements AutoCloseable {

    private final List<FileChannel> channels = new ArrayList<>();

    private HeldLocks() {}

    /** @throws FeedLogException if another process has the store open, or this one */
    static HeldLocks of(Path directory) throws FeedLogException {
        var held = new HeldLocks();
        boolean all = false;
        try {
            // In this order: to look at RocksDB's lock would give it back where this process has it.
            for (String name : List.of(StoreLock.FILE, StoreDirectory.LOCK)) {
                held.take(directory, directory.resolve(name));
            }
            all = true;
            return held;
        } finally {
            if (!all) {
                held.close();
            }
        }
    }

    private void take(Path directory, Path file) throws FeedLogException {
        if (!Files.exists(file)) {
            return;
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            channels.add(channel);
            if (channel.tryLock() == null) {
                throw StoreLock.inUse(directory);
            }
        } catch (OverlappingFileLockException e) {
            throw new FeedLogException("the store " + directory + " is open in this process: close it there", e);
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + directory + " cannot be locked (" + Failures.reason(e)
                            + "): check that this user may write to its file " + file.getFileName(),
                    e);
        }
    }

    @Override
    public void close() {
        for (FileChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                // The process ends soon, and the lock with it.
            }
        }
    }
}
