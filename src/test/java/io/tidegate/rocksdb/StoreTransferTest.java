package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy that is put in the place of a store, and what is found there when that is interrupted. */
@Timeout(120)
class StoreTransferTest {

    private static final Map<String, String> OLD = Map.of("c/k", "\"old\"", "c/more", "1");
    private static final Map<String, String> NEW = Map.of("c/k", "\"new\"");

    @TempDir
    Path directory;

    private Path store;
    private Path copy;

    @BeforeEach
    void make() throws FeedLogException {
        store = directory.resolve("store");
        copy = directory.resolve("copy");
        make(store, Change.put("c", "k", "\"old\""), Change.put("c", "more", "1"));
        make(copy, Change.put("c", "k", "\"new\""));
    }

    private static void make(Path where, Change... changes) throws FeedLogException {
        try (RocksFeedLog log = RocksFeedLog.open(new StoreSettings(where, Durability.OS))) {
            new Publisher(log).append(changes);
        }
    }

    private static Map<String, String> documents(Path where) throws FeedLogException {
        try (RocksFeedLog log = RocksFeedLog.open(new StoreSettings(where, Durability.OS))) {
            return Contents.documents(log, Selection.ALL);
        }
    }

    private static void move(Path from, Path to, boolean all) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> found = Files.list(from)) {
            List<Path> files = found.filter(Files::isRegularFile)
                    .filter(file -> !List.of("LOCK", "tidegate-lock")
                            .contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
            for (Path file : all ? files : files.subList(0, files.size() / 2)) {
                Files.move(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void aCopyTakesThePlaceOfTheStoreWhichIsSetAside() throws Exception {
        assertThat(StoreTransfer.of(store).restore(copy)).contains(store.resolve("aside"));

        assertThat(documents(store)).isEqualTo(NEW);
        assertThat(documents(copy)).isEqualTo(NEW);
        assertThat(StoreTransfer.of(store).restore(store.resolve("aside"))).isPresent();
        assertThat(documents(store)).isEqualTo(OLD);
    }

    @Test
    void whereThereIsNoStoreTheCopyIsTheFirst() throws Exception {
        Path other = directory.resolve("deep").resolve("other");

        assertThat(StoreTransfer.of(other).restore(copy)).isEmpty();

        assertThat(documents(other)).isEqualTo(NEW);
    }

    @Test
    void aStoreThatIsDamagedIsReplacedAsWell() throws Exception {
        Files.delete(store.resolve("CURRENT"));

        StoreTransfer.of(store).restore(copy);

        assertThat(documents(store)).isEqualTo(NEW);
    }

    @Test
    void aStoreThatIsOpenIsLeftAlone() throws Exception {
        try (RocksFeedLog open = RocksFeedLog.open(new StoreSettings(store, Durability.OS))) {
            assertThatThrownBy(() -> StoreTransfer.of(store).restore(copy))
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContaining("is open in this process");

            assertThat(Contents.documents(open, Selection.ALL)).isEqualTo(OLD);
        }
    }

    @Test
    void beforeAllOfTheCopyIsThereTheStoreStays() throws Exception {
        move(copy, store.resolve("incoming"), false);

        assertThat(documents(store)).isEqualTo(OLD);
    }

    @Test
    void onceAllOfTheCopyIsThereTheNextStartHasIt() throws Exception {
        move(copy, store.resolve("replacing"), true);

        assertThat(documents(store)).isEqualTo(NEW);
        assertThat(documents(store.resolve("aside"))).isEqualTo(OLD);
    }

    @Test
    void whatHadBegunToLeaveLeavesAtTheNextStart() throws Exception {
        move(copy, store.resolve("replacing"), true);
        move(store, store.resolve("leaving"), false);

        assertThat(documents(store)).isEqualTo(NEW);
        assertThat(documents(store.resolve("aside"))).isEqualTo(OLD);
    }

    @Test
    void whatHasLeftIsStillThereAfterTheNextStart() throws Exception {
        move(copy, store.resolve("replacing"), true);
        move(store, store.resolve("aside"), true);

        assertThat(documents(store)).isEqualTo(NEW);
        assertThat(documents(store.resolve("aside"))).isEqualTo(OLD);
    }

    @Test
    void whatHadBegunToArriveArrivesAtTheNextStart() throws Exception {
        move(store, store.resolve("aside"), true);
        move(copy, store.resolve("arrived"), true);
        for (Path file : files(store.resolve("arrived"))) {
            if (file.toString().endsWith(".log")) {
                Files.move(file, store.resolve(file.getFileName()));
            }
        }

        assertThat(documents(store)).isEqualTo(NEW);
    }

    @Test
    void anInterruptedOneMayBeBegunAnew() throws Exception {
        move(copy, store.resolve("replacing"), true);
        Path third = directory.resolve("third");
        make(third, Change.put("c", "k", "3"));

        StoreTransfer.of(store).restore(third);

        assertThat(documents(store)).isEqualTo(Map.of("c/k", "3"));
        assertThat(documents(store.resolve("aside"))).isEqualTo(NEW);
    }

    private static List<Path> files(Path where) throws IOException {
        try (Stream<Path> found = Files.list(where)) {
            return found.toList();
        }
    }

    @Test
    void aDirectoryOfSomethingElseIsNotTakenForAStore() throws Exception {
        Path other = Files.createDirectory(directory.resolve("documents"));
        Files.writeString(other.resolve("letter.txt"), "dear");
        Files.createDirectory(other.resolve("aside"));

        assertThatThrownBy(() -> StoreTransfer.of(other).restore(directory.resolve("copy")))
                .isInstanceOf(FeedLogException.class)
                .hasMessageContaining("has files, and none of a store");
        assertThat(other.resolve("letter.txt")).hasContent("dear");
        assertThat(other.resolve("aside")).exists();
    }
}
