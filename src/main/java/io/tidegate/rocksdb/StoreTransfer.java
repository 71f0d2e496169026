package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a store in a directory that has none, and takes away one that nobody goes on with.
 *
 * <pre>
 *  store/incoming/ ─► store/        all files, CURRENT last: without it there is no store
 *  store/ ─► store/aside/           for whoever wants to look at it, until the next one comes
 * </pre>
 *
 * <p>Both are inside the store's directory, which may be all that this user may write to, or a disk of its own. For one thread, while
 * nobody has the store.
 */
public final class StoreTransfer {

    private static final String CURRENT = "CURRENT";
    private static final String INCOMING = "incoming";
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

    /**
     * Begins to put one there; what is left of one that was not finished is deleted.
     *
     * @return an empty directory for its files
     */
    public Path begin() throws FeedLogException {
        Path incoming = store.resolve(INCOMING);
        try {
            if (Files.exists(incoming) && !isThere()) {
                // It was interrupted while its files were moved.
                for (Path file : files(store)) {
                    Files.delete(file);
                }
            }
            delete(incoming);
            var directory = StoreDirectory.prepare(store);
            return Files.createDirectory(directory.path().resolve(INCOMING));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** From now on what came is the store. */
    public void finish() throws FeedLogException {
        Path incoming = store.resolve(INCOMING);
        try {
            for (Path file : files(incoming)) {
                if (!file.endsWith(CURRENT)) {
                    Files.move(file, store.resolve(file.getFileName()));
                }
            }
            force(store);
            Files.move(incoming.resolve(CURRENT), store.resolve(CURRENT));
            force(store);
            delete(incoming);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Takes the store away, in the place of one that was taken away before.
     *
     * @return where it is
     */
    public Path setAside() throws FeedLogException {
        var directory = StoreDirectory.prepare(store);
        Path aside = directory.path().resolve(ASIDE);
        StoreLock held = directory.lock();
        try {
            delete(aside);
            Files.createDirectory(aside);
            // First, and then there is no store any more.
            Files.move(directory.path().resolve(CURRENT), aside.resolve(CURRENT));
            for (Path file : files(directory.path())) {
                if (!file.endsWith(StoreDirectory.LOCK) && !file.endsWith(StoreLock.FILE)) {
                    Files.move(file, aside.resolve(file.getFileName()));
                }
            }
            return aside;
        } catch (IOException e) {
            throw failure(e);
        } finally {
            held.close();
        }
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

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> found = Files.walk(directory)) {
                for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
