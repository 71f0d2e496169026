package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.document.Change;
import io.tidegate.document.Directories;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stores that come and go as a whole, whenever the process is killed meanwhile. */
@Timeout(120)
class KilledTransferTest {

    @TempDir
    Path directory;

    private Path store;
    private StoreTransfer transfer;

    @BeforeEach
    void name() {
        store = directory.resolve("store");
        transfer = StoreTransfer.of(store);
    }

    /** Makes a store with that many updates. */
    private static void make(Path store, int updates) throws FeedLogException {
        try (RocksFeedLog log = open(store)) {
            for (int i = 1; i <= updates; i++) {
                List<Change> changes = List.of(Change.put("c", "k" + i, "1"));
                Batch batch = new Batch.Builder(new PlainLines()).build(changes, i, i, 0, 0);
                log.append(List.of(batch), changes, OrderState.NO_MEMORY, List.of());
            }
        }
    }

    private static RocksFeedLog open(Path store) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(store, Durability.OS));
    }

    private static long head(Path store) throws FeedLogException {
        try (RocksFeedLog log = open(store)) {
            Batch last = log.last();
            return last == null ? 0 : last.lastSeq();
        }
    }

    private static List<Path> files(Path from) throws IOException {
        try (Stream<Path> found = Files.list(from)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copyInto(Path to, Path from) throws IOException {
        for (Path file : files(from)) {
            if (!isLock(file)) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** No part of a copy. */
    private static boolean isLock(Path file) {
        return file.endsWith("LOCK") || file.endsWith(StoreLock.FILE);
    }

    /** As it is when the process is killed now. */
    private Path killed() throws IOException {
        Path image = directory.resolve("killed");
        Directories.delete(image);
        Files.walkFileTree(store, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.createDirectory(image.resolve(store.relativize(each).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, image.resolve(store.relativize(each).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
        return image;
    }

    @Test
    void whatHasComeInPartIsNoStore() throws Exception {
        Path other = directory.resolve("other");
        make(other, 3);
        copyInto(transfer.begin(), other);

        StoreTransfer next = StoreTransfer.of(killed());
        next.recover();

        assertThat(next.isThere()).isFalse();
        transfer.abandon();
        assertThat(store.resolve("incoming")).doesNotExist();
    }

    @Test
    void aStoreThatHasArrivedIsThereWheneverItsMoveIsCutOff() throws Exception {
        Path other = directory.resolve("other");
        make(other, 3);
        List<Path> names = files(other).stream()
                .filter(file -> !file.endsWith("CURRENT") && !isLock(file))
                .map(Path::getFileName)
                .toList();
        for (int moved = 0; moved <= names.size() + 1; moved++) {
            Path image = directory.resolve("arrived-" + moved);
            Path arrived = image.resolve("arrived");
            Files.createDirectories(arrived);
            copyInto(arrived, other);
            for (Path name : names.subList(0, Math.min(moved, names.size()))) {
                Files.move(arrived.resolve(name), image.resolve(name));
            }
            if (moved > names.size()) {
                Files.move(arrived.resolve("CURRENT"), image.resolve("CURRENT"));
            }
            StoreTransfer next = StoreTransfer.of(image);

            next.recover();

            assertThat(next.isThere()).as("after %d files", moved).isTrue();
            assertThat(arrived).doesNotExist();
            assertThat(head(image)).isEqualTo(3);
        }
    }

    @Test
    void aStoreThatIsLeavingIsGoneWheneverThatIsCutOff() throws Exception {
        make(store, 3);
        List<Path> names = files(store).stream()
                .filter(file -> !file.endsWith("CURRENT") && !isLock(file))
                .map(Path::getFileName)
                .toList();
        for (int moved = 0; moved <= names.size(); moved++) {
            Path image = killed();
            Path leaving = Files.createDirectory(image.resolve("leaving"));
            Files.move(image.resolve("CURRENT"), leaving.resolve("CURRENT"));
            for (Path name : names.subList(0, moved)) {
                Files.move(image.resolve(name), leaving.resolve(name));
            }
            StoreTransfer next = StoreTransfer.of(image);

            next.recover();

            assertThat(next.isThere()).as("after %d files", moved).isFalse();
            assertThat(leaving).doesNotExist();
            assertThat(head(image.resolve("aside"))).isEqualTo(3);
            assertThat(head(image)).as("a new one in its place").isZero();
        }
    }

    @Test
    void aStoreWhoseLeavingHadOnlyBeenPreparedStays() throws Exception {
        make(store, 3);
        Files.createDirectory(store.resolve("leaving"));

        transfer.recover();

        assertThat(head(store)).isEqualTo(3);
        assertThat(transfer.setAside()).isEqualTo(store.resolve("aside"));
        assertThat(transfer.isThere()).isFalse();
    }

    @Test
    void theStoreThatWasSetAsideLastIsKept() throws Exception {
        make(store, 1);
        transfer.setAside();
        make(store, 2);

        transfer.setAside();

        assertThat(head(store.resolve("aside"))).isEqualTo(2);
    }

    @Test
    void aStoreThatIsOfNoUseIsGoneAndWhatWasSetAsideIsNot() throws Exception {
        make(store, 1);
        transfer.setAside();
        Path other = directory.resolve("other");
        make(other, 3);
        copyInto(transfer.begin(), other);
        transfer.finish();
        List<Path> before = new ArrayList<>(files(store));
        assertThat(before).contains(store.resolve("CURRENT"));

        transfer.discard();

        assertThat(transfer.isThere()).isFalse();
        assertThat(head(store.resolve("aside"))).isEqualTo(1);
    }

    @Test
    void whatCameInPartIsDeletedAtTheNextStart() throws Exception {
        make(store, 1);
        Path incoming = Files.createDirectory(store.resolve("incoming"));
        Files.writeString(incoming.resolve("000009.sst"), "of a store that was large");

        assertThat(head(store)).isEqualTo(1);

        assertThat(incoming).doesNotExist();
    }

    /** As who is about to take over does. */
    @Test
    void whatCameInPartHoldsUpNobodyWhileTheStoreIsServed() throws Exception {
        make(store, 1);
        Path incoming = Files.createDirectory(store.resolve("incoming"));

        try (RocksFeedLog served = open(store)) {
            Files.createDirectories(incoming);
            transfer.recover();

            assertThat(incoming).exists();
            assertThat(served.last()).isNotNull();
        }
    }

    @Test
    void aStoreThatCameWithoutItsFirstFileIsDiscarded() throws Exception {
        make(store, 1);
        Files.delete(store.resolve("CURRENT"));

        transfer.discard();

        assertThat(head(store)).isZero();
    }

    @Test
    void whatIsRestoredIsForItsOwnerFromItsFirstByte() throws Exception {
        Path copy = directory.resolve("copy");
        make(copy, 1);
        assumeTrue(Files.getFileStore(copy).supportsFileAttributeView("posix"), "there are no such permissions");
        for (Path file : files(copy)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }

        transfer.restore(copy);

        assertThat(files(store).stream().filter(file -> !isLock(file)))
                .isNotEmpty()
                .allSatisfy(
                        file -> assertThat(Files.getPosixFilePermissions(file)).hasSize(2));
    }

    @Test
    void aStoreThatIsDiscardedIsGoneWheneverThatIsCutOff() throws Exception {
        make(store, 3);
        List<Path> names = files(store).stream()
                .filter(file -> !isLock(file))
                .map(Path::getFileName)
                .toList();
        for (int deleted = 0; deleted <= names.size(); deleted++) {
            Path image = killed();
            Files.createDirectory(image.resolve("discarding"));
            for (Path name : names.subList(0, deleted)) {
                Files.delete(image.resolve(name));
            }

            assertThat(head(image)).as("after %d files", deleted).isZero();
            assertThat(image.resolve("discarding")).doesNotExist();
        }
    }
}
