package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The directory of a store, as the file system sees it. */
final class StoreDirectory {

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    /** Of RocksDB, or the mark of how far it had come; not such as a gc.log that somebody else writes there. */
    private static final Pattern DATA = Pattern.compile("\\d+\\.(sst|log)|" + Pattern.quote(Mark.FILE));

    private static final String PROBE = "tidegate-probe";

    /** RocksDB's lock, of the same kind as Java's: the kernel keeps it until the process closes the file or ends. */
    static final String LOCK = "LOCK";

    /** The kernel tells nobody that a lock is free in a way that could be given up; to look costs some microseconds. */
    private static final Duration LOCK_LOOK_INTERVAL = Duration.ofMillis(2);

    private final Path path;

    private StoreDirectory(Path path) {
        this.path = path;
    }

    /** Makes sure that it exists; one that is created here is for its owner only. */
    static StoreDirectory prepare(Path path) throws FeedLogException {
        return prepare(path, true);
    }

    /** The same for who puts another store there, whatever is there. */
    static StoreDirectory damaged(Path path) throws FeedLogException {
        return prepare(path, false);
    }

    private static StoreDirectory prepare(Path path, boolean isWhole) throws FeedLogException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new FeedLogException("the store " + path + " is not a directory: choose another path");
        }
        try {
            create(path);
            // RocksDB knows by the path's text whether this process has it open already: one text for one directory.
            var directory = new StoreDirectory(path.toRealPath());
            if (isWhole) {
                directory.requireWhole();
            }
            directory.requirePrivate();
            return directory;
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + path + " cannot be created or read (" + Failures.reason(e)
                            + "): check the path and that this user may write to it",
                    e);
        }
    }

    /**
     * One that is there, and is left as it is.
     *
     * @throws FeedLogException if there is no store in it
     */
    static StoreDirectory existing(Path path) throws FeedLogException {
        if (!Files.isDirectory(path)) {
            throw new FeedLogException("there is no directory " + path + ": name that of a store");
        }
        try {
            var directory = new StoreDirectory(path.toRealPath());
            directory.requireWhole();
            if (!Files.exists(directory.path.resolve("CURRENT"))) {
                throw new FeedLogException("there is no store in " + path + ": name the directory of one");
            }
            return directory;
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + path + " cannot be read (" + Failures.reason(e)
                            + "): check the path and that this user may read it",
                    e);
        }
    }

    /** What others may do that they may not at a start: the directory or file, and what to do. Files are not theirs where the directory is not. */
    Map<String, String> openToOthers() throws IOException {
        Map<String, String> open = new TreeMap<>();
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return open;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (isWritableByOthers(permissions)) {
            open.put(path.toString(), "others may write to it: take that from them with 'chmod 700 " + path + "'");
        }
        if (OWNER.containsAll(permissions)) {
            return open;
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                    open.put(
                            file.getFileName().toString(),
                            "others may read or change it: the next start takes that from them, or 'chmod 600 " + file
                                    + "'");
                }
            }
        }
        return open;
    }

    private static boolean isWritableByOthers(Set<PosixFilePermission> permissions) {
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Makes one for its owner only, if there is none. */
    static void create(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null || Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(parent);
        boolean posix = Files.getFileStore(parent).supportsFileAttributeView("posix");
        Files.createDirectory(path, posix ? ownerOnly() : new FileAttribute<?>[0]);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)};
    }

    /** Who may write to it could put another store in its place. */
    private void requirePrivate() throws IOException, FeedLogException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (isWritableByOthers(permissions)) {
            throw new FeedLogException(
                    "others may write to the store " + path + " (" + PosixFilePermissions.toString(permissions)
                            + "): take that from them with 'chmod 700 " + path + "'");
        }
        closeFilesToOthers();
    }

    /** Takes from others what they may do with files: of an older version, or made under a umask that is open. */
    void closeFilesToOthers() throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                closeToOthers(file);
            }
        }
    }

    private static void closeToOthers(Path file) throws IOException {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                Files.setPosixFilePermissions(file, OWNERS);
            }
        } catch (NoSuchFileException e) {
            // The server that still has the store has deleted it meanwhile.
        }
    }

    /** RocksDB takes a directory without CURRENT for a new one, and would delete the data that a bad copy left there. */
    private void requireWhole() throws IOException, FeedLogException {
        if (Files.exists(path.resolve("CURRENT"))) {
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            if (files.anyMatch(
                    file -> DATA.matcher(file.getFileName().toString()).matches())) {
                throw new FeedLogException("the store " + path + " is incomplete, its file CURRENT is missing:"
                        + " restore it from a backup, or empty the directory to start anew");
            }
        }
    }

    /** Waits until no other process has it open. To open it instead, again and again, would rename RocksDB's own log each time. */
    void awaitFree(Duration patience) throws FeedLogException, InterruptedException {
        long start = System.nanoTime();
        while (isInUse()) {
            if (System.nanoTime() - start >= patience.toNanos()) {
                throw new FeedLogException("the store " + path + " is still in use by another process after "
                        + patience.toMillis() + " ms");
            }
            // Nobody is told when a record lock is given up, except who waits for it for ever.
            Thread.sleep(LOCK_LOOK_INTERVAL.toMillis());
        }
    }

    /** Whether another process has a lock; not to be asked when this one may have one, which would be lost. */
    private boolean isInUse() throws FeedLogException {
        return isLocked(path.resolve(LOCK)) || isLocked(path.resolve(StoreLock.FILE));
    }

    /**
     * Takes the store for this process.
     *
     * @throws FeedLogException if any process has it, be it one of a version that knows RocksDB's lock only
     */
    StoreLock lock() throws FeedLogException {
        StoreLock lock = StoreLock.take(path);
        boolean free = false;
        try {
            free = !isLocked(path.resolve(LOCK));
        } finally {
            if (!free) {
                lock.close();
            }
        }
        if (!free) {
            throw StoreLock.inUse(path);
        }
        return lock;
    }

    Path path() {
        return path;
    }

    /** RocksDB's write-ahead logs, in no order. */
    List<Path> writeAheadLogs() throws IOException {
        return writeAheadLogs(path);
    }

    /** RocksDB's tables, those that are none of the store's any more too, in no order. */
    List<Path> tables() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    static List<Path> writeAheadLogs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]+\\.log"))
                    .toList();
        }
    }

    /** Takes a write-ahead log out of RocksDB's sight, which would leave a hole in the numbers; for whoever wants to look at it. */
    void setAside(WalFile log) throws FeedLogException {
        try {
            Files.move(log.path(), path.resolve(log.path().getFileName() + ".lost"));
        } catch (IOException e) {
            throw new FeedLogException(
                    "the store " + path + " cannot be mended (" + Failures.reason(e) + "): check its disk", e);
        }
    }

    private boolean isLocked(Path file) throws FeedLogException {
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (IOException e) {
            throw new FeedLogException("the lock of the store " + path + " cannot be read: " + Failures.reason(e), e);
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
