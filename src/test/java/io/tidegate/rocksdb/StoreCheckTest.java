package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store is read as a whole, nothing in it is changed, and what is not as it was written is told. */
@Timeout(300)
class StoreCheckTest {

    private static final int OLDER = 60;
    private static final int ALL = 100;

    @TempDir
    Path temporary;

    private Path store;
    private Position end = new Position("none", 0);

    @BeforeEach
    void createStore() throws Exception {
        store = temporary.resolve("store");
        try (var log = open(store)) {
            var publisher = new Publisher(log);
            publisher.appendOrders(OLDER - 2);
            publisher.append(Change.put("orders", "gone", "1"), Change.delete("orders", "gone"));
        }
        try (var log = open(store)) {
            new Publisher(log).appendOrders(ALL - OLDER);
            end = new Position(log.epochs().newest(), ALL);
        }
    }

    private static RocksFeedLog open(Path directory) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
    }

    private static StoreReport check(Path directory) throws FeedLogException {
        return StoreCheck.of(directory, new PlainLines());
    }

    private static List<String> problems(Path directory) throws FeedLogException {
        return check(directory).problems().stream()
                .map(problem -> problem.where() + ": " + problem.what())
                .toList();
    }

    private static Map<String, Integer> contents(Path directory) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName() + " " + Files.getLastModifiedTime(file) + " "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void whoHasNoTimeToReadAllTablesSaysWhoHas() throws Exception {
        Files.writeString(store.resolve("000099.sst"), "no table");
        StoreDirectory directory = StoreDirectory.prepare(store);

        assertThat(Tables.named(directory)).isEqualTo("000099.sst: ");
        assertThat(Tables.named(directory, Duration.ZERO))
                .isEqualTo("which of its older tables cannot be read, 'verify' tells: ");
    }

    @Test
    void aWholeStoreIsToldAsWholeAndLeftAsItIs() throws Exception {
        Map<String, Integer> before = contents(store);

        StoreReport report = check(store);

        assertThat(report.problems()).isEmpty();
        assertThat(report.documents()).isEqualTo(ALL - 2);
        assertThat(report.updates()).isEqualTo(ALL);
        assertThat(requireNonNull(report.first()).seq()).isEqualTo(1);
        assertThat(report.last()).isEqualTo(end);
        assertThat(report.epochs()).isEqualTo(2);
        assertThat(report.format()).isEqualTo(StoreFormat.PRESENT);
        assertThat(contents(store)).isEqualTo(before);
    }

    @Test
    void aStoreThatIsOpenIsNotRead() throws Exception {
        try (var log = open(store)) {
            assertThat(log.last()).isNotNull();
            assertThatThrownBy(() -> check(store))
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContaining("is open in this process");
        }
        assertThat(problems(store)).isEmpty();
    }

    @Test
    void aStoreOfAnotherProcessIsNotRead() throws Exception {
        Path other = temporary.resolve("other");
        Process server = Crash.start(other, Durability.OS);
        try {
            assertThat(server.inputReader().readLine()).isNotNull();

            assertThatThrownBy(() -> check(other))
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContaining("is in use by another process");
        } finally {
            server.destroyForcibly().waitFor();
        }
        assertThat(problems(other)).as("what a kill leaves is whole").isEmpty();
    }

    @Test
    void whereThereIsNoStoreNoneIsMade() throws Exception {
        Path none = temporary.resolve("none");
        assertThatThrownBy(() -> check(none)).hasMessageContaining("there is no directory");
        Files.createDirectory(none);

        assertThatThrownBy(() -> check(none)).hasMessageContaining("there is no store in");
        assertThat(contents(none)).isEmpty();
    }

    @Test
    void whatOthersMayDoIsTold() throws Exception {
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Files.setPosixFilePermissions(store.resolve("CURRENT"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems(store)).as("where others may not go").isEmpty();
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwx---"));

        assertThat(problems(store))
                .containsExactly(
                        store.toRealPath() + ": others may write to it: take that from them with 'chmod 700 "
                                + store.toRealPath() + "'",
                        "CURRENT: others may read or change it: the next start takes that from them, or 'chmod 600 "
                                + store.toRealPath().resolve("CURRENT") + "'");
        assertThat(Files.getPosixFilePermissions(store)).hasSize(6);
    }

    /** Of each kind of file, and in each way: who starts on what is told as whole finds all of it. */
    @Test
    void whatDamagesAFileIsToldOrHarmsNothing() throws Exception {
        Map<String, Damage> damages = new LinkedHashMap<>();
        damages.put("a bit at the start", file -> Damage.flip(file, Files.size(file) * 3 / 100));
        damages.put("a bit in the middle", file -> Damage.flip(file, Files.size(file) * 60 / 100));
        damages.put("a bit at the end", file -> Damage.flip(file, Files.size(file) - 1));
        damages.put("truncated", file -> Damage.truncate(file, Files.size(file) / 2));
        damages.put("emptied", file -> Damage.truncate(file, 0));
        damages.put("missing", Files::delete);
        int told = 0;
        for (String file : Damage.files(store)) {
            for (Map.Entry<String, Damage> damage : damages.entrySet()) {
                Path image = Crash.image(store, temporary);
                damage.getValue().to(image.resolve(file));
                told += isTold(image, file + ", " + damage.getKey()) ? 1 : 0;
                Crash.delete(image);
            }
        }
        assertThat(told).as("a test that damages nothing proves nothing").isGreaterThan(10);
    }

    private static boolean isTold(Path image, String what) throws Exception {
        Map<String, Integer> before = contents(image);
        List<String> problems;
        try {
            problems = problems(image);
        } catch (FeedLogException e) {
            problems = List.of(String.valueOf(e.getMessage()));
        }
        assertThat(contents(image)).as(what).isEqualTo(before);
        assertThat(problems).as(what).allMatch(line -> !line.contains("\n"));
        assertThat(problems).as(what).allMatch(line -> line.contains("restore") || line.contains("the next start"));
        if (problems.isEmpty()) {
            try (var log = open(image)) {
                assertThat(requireNonNull(log.last()).lastSeq()).as(what).isEqualTo(ALL);
                assertThat(Contents.linesAfter(0, log)).as(what).hasSize(ALL);
            }
        }
        return !problems.isEmpty();
    }

    // ---- what RocksDB takes for whole

    private interface Tampering {
        void of(RawStore raw) throws Exception;
    }

    private List<String> problemsAfter(Tampering tampering) throws Exception {
        tampering.of(new RawStore(store));
        return problems(store);
    }

    private static byte[] stateKey(String key) {
        return RawStore.utf8("orders\0" + key);
    }

    @Test
    void aHoleInTheNumbersIsTold() throws Exception {
        assertThat(problemsAfter(raw ->
                        raw.change((rocks, families) -> rocks.delete(families.get(RawStore.LOG), Database.bytes(31)))))
                .anyMatch(line -> line.startsWith("log: updates 31 to 31 are missing: restore"))
                .anyMatch(line -> line.startsWith("documents: orders/o-31 is not what update 31 has left"));
    }

    @Test
    void aDocumentThatIsNotWhatItsNewestChangeLeftIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) -> {
                    byte[] value = rocks.get(families.get(RawStore.STATE), stateKey("o-7"));
                    value[8] = '9';
                    rocks.put(families.get(RawStore.STATE), stateKey("o-7"), value);
                })))
                .containsExactly("documents: orders/o-7 is not what update 7 has left, as the log has it:"
                        + " restore a backup");
    }

    @Test
    void aDocumentThatIsMissingIsTold() throws Exception {
        assertThat(problemsAfter(raw ->
                        raw.change((rocks, families) -> rocks.delete(families.get(RawStore.STATE), stateKey("o-7")))))
                .containsExactly("documents: orders/o-7 is missing, which update 7 put: restore a backup");
    }

    @Test
    void aDocumentThatWasDeletedAndIsThereIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) -> {
                    byte[] value = rocks.get(families.get(RawStore.STATE), stateKey("o-7"));
                    rocks.put(families.get(RawStore.STATE), stateKey("gone"), value);
                })))
                .contains("documents: orders/gone is of update 7, and update 60 deleted it: restore a backup");
    }

    @Test
    void whatIsNoDocumentIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) -> {
                    byte[] value = rocks.get(families.get(RawStore.STATE), stateKey("o-7"));
                    value[8] = '{';
                    rocks.put(families.get(RawStore.STATE), stateKey("o-7"), value);
                    rocks.put(families.get(RawStore.STATE), RawStore.utf8("nowhere"), value);
                })))
                .anyMatch(line -> line.startsWith("documents: what is stored as orders/o-7 is none ("))
                .anyMatch(line -> line.startsWith("documents: what is stored as nowhere is none ("));
    }

    @Test
    void anIndexThatDiffersFromTheLogIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) -> {
                    byte[] names = rocks.get(families.get(RawStore.CHANGES), Database.bytes(7));
                    names[names.length - 1] = '8';
                    rocks.put(families.get(RawStore.CHANGES), Database.bytes(7), names);
                })))
                .containsExactly("index of changes: at update 7 it names orders/o-8, and the log does not:"
                        + " restore a backup");
    }

    @Test
    void aHoleInTheIndexIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change(
                        (rocks, families) -> rocks.delete(families.get(RawStore.CHANGES), Database.bytes(ALL)))))
                .containsExactly("index of changes: it ends with update 99, and the log with 100: restore a backup");
    }

    @Test
    void anIndexThatIsNoneIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) ->
                        rocks.put(families.get(RawStore.CHANGES), Database.bytes(7), new byte[30]))))
                .containsExactly("index of changes: it cannot be read to its end (the index of changes is not readable"
                        + " at update 7, the parts do not fit): restore a backup");
    }

    @Test
    void aBatchThatIsNoneIsTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.change((rocks, families) ->
                        rocks.put(families.get(RawStore.LOG), Database.bytes(7), RawStore.utf8("none")))))
                .anyMatch(line -> line.startsWith("log: the batch with update 7 is not whole (not a stored batch"));
    }

    @Test
    void epochsThatAreMissingAreTold() throws Exception {
        assertThat(problemsAfter(raw -> raw.deleteMeta("epochs")))
                .anyMatch(line -> line.startsWith("epochs: the store ") && line.contains("its epochs are missing"));
    }

    @Test
    void aStoreWhoseLogWasTrimmedIsWhole() throws Exception {
        try (Database database = Database.open(StoreDirectory.prepare(store), Durability.OS)) {
            database.startLogAt(41);
        }

        StoreReport report = check(store);

        assertThat(report.problems()).isEmpty();
        assertThat(requireNonNull(report.first()).seq()).isEqualTo(41);
        assertThat(report.updates()).isEqualTo(ALL - 40);
    }
}
