package io.tidegate.rocksdb;

import io.tidegate.document.Directories;
import io.tidegate.document.OwnFiles;
import io.tidegate.document.Position;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts a store in a directory that has none, takes away one that nobody goes on with, and puts one in the place of another.
 *
 * <pre>
 *  store/incoming/ ─► store/arrived/ ─► store/    all files, CURRENT last: without it there is no store
 *  store/ ─► store/leaving/ ─► store/aside/       for whoever wants to look at it, until the next one comes
 *
 *  store/incoming/ ─► store/replacing/            from here on the other one leaves, and then this one arrives
 *
 *  store/discarding/                              while it is there, what is in store/ is of no use and is deleted
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
    private static final String REPLACING = "replacing";
    private static final String DISCARDING = "discarding";

    /** What is of no use in a copy: RocksDB's log for people, what was lost, and what a server leaves for its operators. */
    private static final Pattern OF_NO_USE = Pattern.compile("LOG(\\.old.*)?|.*\\.lost|tidegate-admin.*");

    /** By any of these a directory is that of a store, whole or not, or of one that comes or goes. */
    private static final Pattern OF_A_STORE = Pattern.compile("CURRENT|MANIFEST-\\d+|\\d+\\.(sst|log)|"
            + Pattern.quote(Mark.FILE) + "|arrived|leaving|replacing|discarding");

    /** What may be left where there is no store any more. */
    private static final Pattern BESIDE_A_STORE = Pattern.compile(
            OF_NO_USE + "|aside|incoming|" + Pattern.quote(StoreDirectory.LOCK) + "|" + Pattern.quote(StoreLock.FILE));

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

    /** Whether there is nothing, but for what is left of one that did not come as a whole. */
    public boolean isVacant() throws IOException {
        if (!Files.exists(store)) {
            return true;
        }
        try (Stream<Path> found = Files.list(store)) {
            return found.map(each -> each.getFileName().toString())
                    .allMatch(name -> name.equals(INCOMING) || name.equals(StoreLock.FILE));
        }
    }

    /**
     * Ends what a process that was killed had begun: a store that was arriving is there then, one that was leaving is gone, and so is what came
     * in part.
     */
    public void recover() throws FeedLogException {
        boolean isUnderWay =
                Stream.of(DISCARDING, REPLACING, ARRIVED, LEAVING).anyMatch(step -> Files.exists(store.resolve(step)));
        if (!isUnderWay && !Files.exists(store.resolve(INCOMING))) {
            return;
        }
        StoreLock held;
        try {
            // By hand it is not to be done twice at once.
            held = StoreLock.take(store);
        } catch (FeedLogException e) {
            if (isUnderWay) {
                throw e;
            }
            // Somebody serves the store that is there, as before a takeover. The rest goes when it is opened next.
            return;
        }
        try {
            goOn();
        } finally {
            held.close();
        }
    }

    private void goOn() throws FeedLogException {
        try {
            // Of a whole store's size, perhaps, and nobody brings the rest.
            Directories.delete(store.resolve(INCOMING));
            if (Files.exists(store.resolve(DISCARDING))) {
                deleteAll();
            } else if (Files.exists(store.resolve(REPLACING))) {
                replace();
            } else if (Files.exists(store.resolve(ARRIVED))) {
                arrive();
            } else if (Files.exists(store.resolve(LEAVING).resolve(CURRENT))) {
                leave();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * What brings the files of one.
     *
     * @param <T> what is known of it then
     */
    public interface Arrival<T> {
        /** Puts them into a directory that is empty. */
        T into(Path directory) throws IOException, FeedLogException;
    }

    /**
     * Puts one there, or, where it does not come as a whole, leaves it as it was.
     *
     * @throws IOException of what brings it
     */
    public <T> T receive(Arrival<T> arrival) throws IOException, FeedLogException {
        boolean isThere = false;
        try {
            T arrived = arrival.into(begin());
            finish();
            isThere = true;
            return arrived;
        } finally {
            if (!isThere) {
                abandon();
            }
        }
    }

    /**
     * Begins to put one there.
     *
     * @return an empty directory for its files
     */
    public Path begin() throws FeedLogException {
        try {
            return newIncoming(StoreDirectory.prepare(store).path());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static Path newIncoming(Path directory) throws IOException {
        Path incoming = directory.resolve(INCOMING);
        Directories.delete(incoming);
        StoreDirectory.create(incoming);
        return incoming;
    }

    /**
     * Notes how far the store has come that arrives, by which a start, or who reads all of it, tells whether something is missing.
     *
     * @param position of an update that it has
     */
    public void mark(Position position) throws FeedLogException {
        try {
            Mark.at(position, false, Durability.SYNC).write(store.resolve(INCOMING));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Puts a copy of another store there; the one that is there, whole or not, is taken away.
     *
     * @param copy a directory with all files of a store that nobody has open; it stays as it is
     * @return where the one is that was there; empty if there was none
     */
    public Optional<Path> restore(Path copy) throws FeedLogException {
        requireStoreOrNothing();
        StoreLock held = StoreDirectory.damaged(store).lock();
        try {
            goOn();
            Path incoming = newIncoming(store);
            for (Path file : files(copy)) {
                if (!isLock(file)
                        && !OF_NO_USE.matcher(file.getFileName().toString()).matches()) {
                    copy(file, incoming.resolve(file.getFileName()));
                }
            }
            Directories.force(incoming);
            boolean isInPlaceOfAnother = !leaving().isEmpty();
            Files.move(incoming, store.resolve(REPLACING), StandardCopyOption.ATOMIC_MOVE);
            Directories.force(store);
            replace();
            return isInPlaceOfAnother ? Optional.of(store.resolve(ASIDE)) : Optional.empty();
        } catch (IOException e) {
            throw failure(e);
        } finally {
            held.close();
        }
    }

    /** Whose files are of something else is not taken away, and not closed to others. */
    private void requireStoreOrNothing() throws FeedLogException {
        if (!Files.isDirectory(store)) {
            return;
        }
        try (Stream<Path> found = Files.list(store)) {
            List<String> names =
                    found.map(each -> each.getFileName().toString()).toList();
            if (names.stream().noneMatch(name -> OF_A_STORE.matcher(name).matches())
                    && !names.stream()
                            .allMatch(name -> BESIDE_A_STORE.matcher(name).matches())) {
                throw new FeedLogException("the directory " + store
                        + " has files, and none of a store: name that of a store, or one that is empty or not there");
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static void copy(Path file, Path to) throws IOException {
        try (FileChannel copied = FileChannel.open(
                to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnFiles.attributes(to))) {
            Files.copy(file, Channels.newOutputStream(copied));
            copied.force(true);
        }
    }

    /** The files of the one that was there leave, if that is not done; then what replaces it arrives. */
    private void replace() throws IOException {
        if (!leaving().isEmpty() || Files.exists(store.resolve(LEAVING))) {
            Files.createDirectories(store.resolve(LEAVING));
            leave();
        }
        Files.move(store.resolve(REPLACING), store.resolve(ARRIVED), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(store);
        arrive();
    }

    private List<Path> leaving() throws IOException {
        return files(store).stream().filter(file -> !isLock(file)).toList();
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
        for (Path file : leaving()) {
            Files.move(file, store.resolve(LEAVING).resolve(file.getFileName()));
        }
        Directories.delete(store.resolve(ASIDE));
        Files.move(store.resolve(LEAVING), store.resolve(ASIDE), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(store);
    }

    /** Deletes a store that came a moment ago, and is of no use. */
    public void discard() throws FeedLogException {
        // Whole or not.
        StoreLock held = StoreDirectory.damaged(store).lock();
        try {
            // First, or what a kill left of it would be taken for a store that has lost its files.
            Files.createDirectories(store.resolve(DISCARDING));
            Directories.force(store);
            deleteAll();
        } catch (IOException e) {
            throw failure(e);
        } finally {
            held.close();
        }
    }

    private void deleteAll() throws IOException {
        for (Path file : leaving()) {
            Files.delete(file);
        }
        Directories.force(store);
        Files.delete(store.resolve(DISCARDING));
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
