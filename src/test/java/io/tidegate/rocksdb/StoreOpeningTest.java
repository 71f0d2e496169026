package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.slf4j.LoggerFactory;

@Timeout(120)
class StoreOpeningTest {

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("deep").resolve("store");
    }

    private RawStore raw() {
        return new RawStore(directory());
    }

    private RocksFeedLog open() throws FeedLogException {
        return open(Durability.OS);
    }

    private RocksFeedLog open(Durability durability) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory(), durability));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::open)
                .isInstanceOf(FeedLogException.class)
                .message()
                .contains(directory().toString(), message)
                .doesNotContain("\n");
    }

    @Test
    void directoryIsCreatedForItsOwnerOnly() throws Exception {
        assumePermissions();

        open().close();

        assertThat(permissions(directory())).isEqualTo("rwx------");
    }

    @Test
    void aStoreIsMadeBesideWhatOthersWriteThere() throws Exception {
        Files.createDirectories(directory());
        Files.writeString(directory().resolve("gc.log"), "[0.005s][info][gc] Using G1");
        Files.writeString(directory().resolve("server.log"), "");

        open().close();

        assertThat(directory().resolve("gc.log")).isNotEmptyFile();
    }

    @Test
    void existingDirectoryKeepsItsPermissions() throws Exception {
        assumePermissions();
        Files.createDirectories(directory());
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-x---"));

        open().close();

        assertThat(permissions(directory())).isEqualTo("rwxr-x---");
    }

    @Test
    void directoryThatOthersMayWriteToIsRefused() throws Exception {
        assumePermissions();
        Files.createDirectories(directory());

        for (String permissions : List.of("rwxrwxrwx", "rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString(permissions));
            assertRefused("(" + permissions + "): take that from them with 'chmod 700 " + directory() + "'");
        }
    }

    @Test
    void filesThatOthersMayReadAreTakenFromThem() throws Exception {
        assumePermissions();
        appendOne();
        Path readable = directory().resolve("CURRENT");
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));

        appendOne();

        assertThat(permissions(readable)).isEqualTo("rw-------");
    }

    private void assumePermissions() throws IOException {
        boolean posix = Files.getFileStore(temporary).supportsFileAttributeView("posix");
        assumeTrue(posix, "the file system has no permissions");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void fileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Files.createDirectories(temporary.resolve("deep"));
        Files.writeString(directory(), "not a directory");

        assertRefused("is not a directory: choose another path");
    }

    @Test
    void pathBelowAFileIsRefused() throws Exception {
        Files.writeString(temporary.resolve("deep"), "not a directory");

        assertRefused("cannot be created or read");
    }

    @Test
    void secondOpeningIsRefusedAndHarmless() throws FeedLogException {
        try (var log = open()) {
            assertRefused("is open in this process already");

            new Publisher(log).appendOrders(1);
            assertThat(Contents.linesAfter(0, log)).hasSize(1);
        }
    }

    @Test
    void secondOpeningThroughALinkIsRefused() throws Exception {
        try (var log = open()) {
            Path link = Files.createSymbolicLink(temporary.resolve("link"), directory());

            assertThatThrownBy(() -> RocksFeedLog.open(new StoreSettings(link, Durability.OS)))
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContaining("is open in this process already");
            assertThat(log.last()).isNull();
        }
    }

    @Test
    void eachOpeningBeginsAnEpochAndRemembersTheOthers() throws Exception {
        Position first = appendOne();
        Position second = appendOne();

        try (var log = open()) {
            assertThat(List.of(first.epoch(), second.epoch())).doesNotHaveDuplicates();
            assertThat(log.epochs().of(1)).isEqualTo(first).isNotEqualTo(second);
            assertThat(log.epochs().of(2)).isEqualTo(second);
            assertThat(log.epochs().include(first, 2)).isTrue();
            assertThat(log.epochs().include(second, 2)).isTrue();
        }
    }

    private Position appendOne() throws FeedLogException {
        try (var log = open()) {
            new Publisher(log).appendOrders(1);
            return new Position(
                    log.epochs().newest(), requireNonNull(log.last()).lastSeq());
        }
    }

    @Test
    void wipedStoreKnowsNoneOfItsFormerEpochs() throws Exception {
        Position before = appendOne();

        empty(directory());

        try (var log = open()) {
            new Publisher(log).appendOrders(1);
            assertThat(log.epochs().include(before, 1)).isFalse();
        }
    }

    @Test
    void copyThatIsPutBackIsNoticedByWhoSawMore() throws Exception {
        Position copied = appendOne();
        Path copy = Crash.image(directory(), temporary);
        Position later = appendOne();
        empty(directory());
        Crash.copy(copy, directory());

        Position other = appendOne();

        try (var log = open()) {
            assertThat(other.seq()).isEqualTo(later.seq());
            assertThat(log.epochs().include(later, 2)).isFalse();
            assertThat(log.epochs().of(2)).isEqualTo(other);
            assertThat(log.epochs().include(copied, 2)).isTrue();
        }
    }

    private static void empty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void otherFormatIsRefused() throws Exception {
        open().close();
        raw().putMeta("format", "5");

        assertRefused("has format 5, this version of the server reads formats 1 to 4");
    }

    @Test
    void storeWithMoreFamiliesIsRefused() throws Exception {
        open().close();
        raw().change((rocks, families) -> rocks.createColumnFamily(
                        new ColumnFamilyDescriptor("index".getBytes(StandardCharsets.UTF_8)))
                .close());

        assertRefused("was written by another version of the server");
    }

    @Test
    void storeWithoutEpochsIsRefusedIfItHoldsUpdates() throws Exception {
        appendOne();
        raw().deleteMeta("epochs");

        assertRefused("is damaged, its epochs are missing");
    }

    @Test
    void epochsThatCannotBeReadAreRefused() throws Exception {
        appendOne();
        raw().putMeta("epochs", "nonsense");

        assertRefused("is damaged, its epochs are not readable");
    }

    @Test
    void storeWhoseCreationWasInterruptedGetsItsEpoch() throws Exception {
        open().close();
        Files.delete(directory().resolve(Mark.FILE));
        raw().deleteMeta("epochs");
        raw().deleteMeta("format");

        try (var log = open(Durability.SYNC)) {
            assertThat(log.epochs().newest()).matches("[a-z][a-z0-9]{7}");
        }
    }

    @Test
    void thatItsMarkIsMissingIsToldAtTheStart() throws Exception {
        appendOne();
        Files.delete(directory().resolve(Mark.FILE));

        assertThat(toldByALook())
                .singleElement()
                .asString()
                .contains("tidegate-mark", "is missing", "the next start goes on");
        assertThat(toldByALook()).isEmpty();
    }

    private List<String> toldByALook() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger(Inspection.class);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        try {
            open().close();
            return appender.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        } finally {
            logger.detachAppender(appender);
        }
    }

    @Test
    void incompleteCopyIsRefusedAndNotDeleted() throws Exception {
        try (var log = open()) {
            new Publisher(log).appendOrders(1);
        }
        Files.delete(directory().resolve("CURRENT"));
        long files = count(directory());

        assertRefused("is incomplete, its file CURRENT is missing");

        assertThat(count(directory())).isEqualTo(files);
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void damagedStoreIsRefused() throws Exception {
        open().close();
        try (Stream<Path> files = Files.list(directory())) {
            for (Path manifest :
                    files.filter(file -> file.toString().contains("MANIFEST")).toList()) {
                Files.writeString(manifest, "this is no manifest");
            }
        }

        assertRefused("is damaged");
    }

    @Test
    void storeOpensAgainAfterAFailure() throws Exception {
        open().close();
        raw().putMeta("format", "5");
        assertRefused("has format 5");
        raw().putMeta("format", "4");

        try (var log = open()) {
            assertThat(Contents.documents(log, Selection.ALL)).isEmpty();
        }
    }
}
