package io.tidegate.rocksdb;

import io.tidegate.document.Directories;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a store in a directory that has none, and takes away one that nobody goes on with.
 *
 * <pre>
 *  store/incoming/ ─► store/arrived/ ─► store/    all files, CURRENT last: without it there is no store
 *  store/ ─► store/leaving/ ─► store/aside/       for whoever wants to look at it, until the next one comes
 * </pre>
 *
 * <p>All of these are inside the store's directory, which may be all that this user may write to, or a disk of its own. For one thread, while
 * nobody has the store.
 */
public final class StoreTransfer {

    private static final String CURRENT = "CURRENT";
    private static final String INCOMING = "incoming";
    private static final String ARRIVED = "arrived";
    private static final String LEAVING = "leaving";
    private static final String ASIDE = "aside";

    private final Path store;

    private StoreTransfer(Path store) {
        this.store = store;
    }

    /** To and from that directory, which need not exist. */
    public static StoreTransfer of(Path store) {
        return new StoreTransfer(store);
    }

    /** Whether there is a store. */
    public boolean isThere() {
        return Files.exists(store.resolve(CURRENT));
    }

    /** Ends what a process that was killed had begun: a store that was arriving is there then, one that was leaving is gone. */
    public void recover() throws FeedLogException {
        try {
            if (Files.exists(store.resolve(ARRIVED))) {
                arrive();
            } else if (Files.exists(store.resolve(LEAVING).resolve(CURRENT))) {
                leave();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Begins to put one there.
     *
     * @return an empty directory for its files
     */
    public Path begin() throws FeedLogException {
        try {
            Path directory = StoreDirectory.prepare(store).path();
            Directories.delete(directory.resolve(INCOMING));
            return Files.createDirectory(directory.resolve(INCOMING));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** It does not come. */
    public void abandon() throws FeedLogException {
        try {
            Directories.delete(store.resolve(INCOMING));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** From now on what came is the store. */
    public void finish() throws FeedLogException {
        try {
            Directories.force(store.resolve(INCOMING));
            Files.move(store.resolve(INCOMING), store.resolve(ARRIVED), StandardCopyOption.ATOMIC_MOVE);
            Directories.force(store);
            arrive();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void arrive() throws IOException {
        Path arrived = store.resolve(ARRIVED);
        for (Path file : files(arrived)) {
            if (!file.endsWith(CURRENT)) {
                Files.move(file, store.resolve(file.getFileName()));
            }
        }
        Directories.force(store);
        if (Files.exists(arrived.resolve(CURRENT))) {
            Files.move(arrived.resolve(CURRENT), store.resolve(CURRENT));
        }
        Directories.force(store);
        Directories.delete(arrived);
    }

    /**
     * Takes the store away, in the place of one that was taken away before.
     *
     * @return where it is
     */
    public Path setAside() throws FeedLogException {
        StoreLock held = StoreDirectory.prepare(store).lock();
        try {
            Path leaving = store.resolve(LEAVING);
            Directories.delete(leaving);
            Files.createDirectory(leaving);
            // First, and then there is no store any more.
            Files.move(store.resolve(CURRENT), leaving.resolve(CURRENT));
            Directories.force(leaving);
            leave();
            return store.resolve(ASIDE);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            held.close();
        }
    }

    private void leave() throws IOException {
        for (Path file : files(store)) {
            if (!isLock(file)) {
                Files.move(file, store.resolve(LEAVING).resolve(file.getFileName()));
            }
        }
        Directories.delete(store.resolve(ASIDE));
        Files.move(store.resolve(LEAVING), store.resolve(ASIDE), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(store);
    }

    /** Deletes a store that came a moment ago, and is of no use. */
    public void discard() throws FeedLogException {
        StoreLock held = StoreDirectory.prepare(store).lock();
        try {
            Files.delete(store.resolve(CURRENT));
            for (Path file : files(store)) {
                if (!isLock(file)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            held.close();
        }
    }

    private static boolean isLock(Path file) {
        return file.endsWith(StoreDirectory.LOCK) || file.endsWith(StoreLock.FILE);
    }

    private FeedLogException failure(IOException e) {
        return new FeedLogException(
                "the store " + store + " cannot be put in its place (" + Failures.reason(e)
                        + "): check its disk and that this user may write to it",
                e);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }
}
