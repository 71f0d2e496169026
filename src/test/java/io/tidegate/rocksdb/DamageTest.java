package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** A store some of whose bytes are not what was written: it never goes back in silence. */
@Timeout(300)
class DamageTest {

    /** In tables, for they were there at the last start. */
    private static final int OLDER = 300;
    /** In the write-ahead log only. */
    private static final int NEWER = 400;

    private static final int ALL = OLDER + NEWER;

    @TempDir
    Path temporary;

    private Path closed;
    private Path killed;
    private Position end;
    private Map<String, String> documents;

    @BeforeEach
    void createStores() throws Exception {
        closed = temporary.resolve("store");
        try (var log = open(closed)) {
            new Publisher(log).appendOrders(OLDER);
        }
        try (var log = open(closed)) {
            new Publisher(log).appendOrders(NEWER);
            end = new Position(log.epochs().newest(), ALL);
            documents = Contents.documents(log, Selection.ALL);
            killed = Crash.image(closed, temporary);
        }
    }

    private static RocksFeedLog open(Path directory) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
    }

    private static RocksFeedLog openAllTheSame(Path directory) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS, true));
    }

    /** Of each kind and at many places. */
    private static List<Damage> damages() {
        List<Damage> damages = new ArrayList<>();
        for (int percent : new int[] {0, 3, 30, 60, 97}) {
            damages.add(file -> Damage.flip(file, Files.size(file) * percent / 100));
        }
        damages.add(file -> Damage.flip(file, Files.size(file) - 1));
        damages.add(file -> Damage.zero(file, Files.size(file) * 30 / 100));
        damages.add(file -> Damage.truncate(file, Files.size(file) / 2));
        damages.add(file -> Damage.truncate(file, 0));
        damages.add(Files::delete);
        return damages;
    }

    @Test
    void aCleanlyStoppedStoreIsWholeOrRefusedOrSaysWhatItCannotRead() throws Exception {
        int refused = damageEveryFileOf(closed);

        assertThat(refused).as("a test that damages nothing proves nothing").isGreaterThan(10);
    }

    @Test
    void soIsAKilledOneThatHadNotedHowFarItHadCome() throws Exception {
        new Mark(end, false, Durability.OS, Mark.at(end, false, Durability.OS).boot()).write(killed);

        int refused = damageEveryFileOf(killed);

        assertThat(refused).isGreaterThan(10);
    }

    private int damageEveryFileOf(Path store) throws Exception {
        int refused = 0;
        for (String file : Damage.files(store)) {
            int number = 0;
            for (Damage damage : damages()) {
                Path image = Crash.image(store, temporary);
                damage.to(image.resolve(file));
                refused += isRefused(image, file + " " + number++) ? 1 : 0;
                Crash.delete(image);
            }
        }
        return refused;
    }

    private boolean isRefused(Path image, String what) throws Exception {
        try (var log = open(image)) {
            assertThat(requireNonNull(log.last()).lastSeq()).as(what).isEqualTo(ALL);
            try {
                assertThat(Contents.linesAfter(0, log)).as(what).hasSize(ALL);
                assertThat(Contents.documents(log, Selection.ALL)).as(what).isEqualTo(documents);
                assertThat(log.changes(0, Selection.ALL, Integer.MAX_VALUE, ALL)
                                .orElseThrow()
                                .documents())
                        .as(what)
                        .hasSize(ALL);
            } catch (FeedLogException e) {
                assertThat(e).as(what).hasMessageContaining(image.toString());
                return true;
            }
            return false;
        } catch (FeedLogException e) {
            assertThat(e).as(what).message().contains(image.toString()).doesNotContain("\n");
            assertThat(e).as(what).message().contains("restore");
            if (what.contains(".sst ") || what.startsWith("MANIFEST")) {
                assertThat(e).as(what).message().contains(what.substring(0, what.indexOf(' ')));
            }
            return true;
        }
    }

    @Test
    void whatIsWholeBehindADamagedRecordIsMissedWithoutAnyMark() throws Exception {
        Files.delete(killed.resolve(Mark.FILE));
        Path wal = Crash.newestWal(killed);
        long third = Files.size(wal) / 3;
        Damage.flip(wal, third);

        assertThatThrownBy(() -> open(killed))
                .isInstanceOf(FeedLogException.class)
                .message()
                .contains(killed.toString(), wal.getFileName() + " is not whole after byte ", "updates from ")
                .contains("-Dtidegate.store.accept-loss=on to go on after update ")
                .doesNotContain("\n");
        Damage.flip(wal, third);
        assertThatCode(() -> open(killed).close()).doesNotThrowAnyException();
    }

    /** To RocksDB what was cut off was never written, and the tables that were listed there are none of the store's. */
    @Test
    void aListOfTablesThatWasCutOffAnywhereIsNamed() throws Exception {
        Path manifest =
                closed.resolve(Files.readString(closed.resolve("CURRENT")).strip());
        byte[] whole = Files.readAllBytes(manifest);
        int refused = 0;
        for (int cut = 0; cut < whole.length; cut += cut > 360 && cut < 390 ? 1 : 7) {
            Damage.truncate(manifest, cut);
            try (Database found = Database.inspect(StoreDirectory.prepare(closed))) {
                if (requireNonNull(found.oldest()).firstSeq() == 1) {
                    continue;
                }
            } catch (RocksDBException e) {
                assertThat(e).as("cut at %s", cut).hasMessageContaining("MANIFEST");
            }
            refused++;
            assertThatThrownBy(() -> open(closed))
                    .as("cut at %s", cut)
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContainingAll(manifest.getFileName().toString(), "restore");
            Files.write(manifest, whole);
        }
        assertThat(refused).isGreaterThan(30);

        Files.write(manifest, whole);
        open(closed).close();
    }

    /** Its list has one record for each family, behind which the others are none to RocksDB, and it would make empty ones. */
    @Test
    void neitherIsThatOfAStoreThatWasOpenedOnlyOnceTakenForANewOne() throws Exception {
        Path once = temporary.resolve("once");
        try (var log = open(once)) {
            new Publisher(log).appendOrders(OLDER);
        }
        String manifest = Files.readString(once.resolve("CURRENT")).strip();
        long bytes = Files.size(once.resolve(manifest));
        int refused = 0;
        for (long cut = 0; cut < bytes; cut += 7) {
            Path image = Crash.image(once, temporary);
            Damage.truncate(image.resolve(manifest), cut);
            try (var log = open(image)) {
                assertThat(requireNonNull(log.last()).lastSeq())
                        .as("cut at %s", cut)
                        .isEqualTo(OLDER);
                assertThat(log.changes(0, Selection.ALL, Integer.MAX_VALUE, OLDER)
                                .orElseThrow()
                                .documents())
                        .as("cut at %s", cut)
                        .hasSize(OLDER);
            } catch (FeedLogException e) {
                assertThat(e).as("cut at %s", cut).hasMessageContainingAll(manifest, "restore");
                refused++;
            }
            Crash.delete(image);
        }
        assertThat(refused).isGreaterThan(40);
    }

    @Test
    void aListOfTablesThatWasCutBetweenItsRecordsIsNamedByATableThatIsMissingInIt() throws Exception {
        Path manifest =
                closed.resolve(Files.readString(closed.resolve("CURRENT")).strip());
        byte[] whole = Files.readAllBytes(manifest);
        List<String> told = new ArrayList<>();
        for (int part = 1; part < 16; part++) {
            Files.write(manifest, whole);
            Damage.truncate(manifest, (long) whole.length * part / 16);
            Damage.truncate(manifest, WalFile.read(manifest).badAt());
            if (!hasFirstUpdate(closed)) {
                told.add(String.valueOf(catchThrowable(() -> open(closed)).getMessage()));
            }
        }

        assertThat(told).isNotEmpty().allSatisfy(each -> assertThat(each)
                .contains(manifest.getFileName().toString())
                .contains("restore"));
        // Elsewhere it lists what is not there any more, and RocksDB says so.
        assertThat(told).anySatisfy(each -> assertThat(each)
                .contains(manifest.getFileName() + ", the list of its tables, ends too soon: 0000")
                .contains(".sst, which has update 1, is not in it; updates 1 to 700, which were acknowledged, are lost")
                .contains("restore a backup"));
    }

    private static boolean hasFirstUpdate(Path store) throws Exception {
        try (Database found = Database.inspect(StoreDirectory.prepare(store))) {
            return found.oldest() != null && requireNonNull(found.oldest()).firstSeq() == 1;
        } catch (RocksDBException e) {
            return false;
        }
    }

    @Test
    void aRefusalNamesWhatIsLostAndIsRepeatedUntilItIsAccepted() throws Exception {
        Files.delete(Crash.newestWal(closed));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> open(closed))
                    .isInstanceOf(FeedLogException.class)
                    .message()
                    .contains("is damaged", "updates 301 to 700, which were acknowledged, are lost")
                    .contains("restore a backup, or start once with -Dtidegate.store.accept-loss=on")
                    .contains("to go on after update 300");
        }

        Position other;
        try (var log = openAllTheSame(closed)) {
            assertThat(requireNonNull(log.last()).lastSeq()).isEqualTo(OLDER);
            new Publisher(log).append(Change.put("orders", "other", "1"));
            other = log.epochs().of(OLDER + 1);
        }

        try (var log = open(closed)) {
            assertThat(log.epochs().include(end, OLDER + 1)).isFalse();
            assertThat(log.epochs().include(new Position(end.epoch(), OLDER + 1), OLDER + 1))
                    .isFalse();
            assertThat(log.epochs().of(OLDER + 1)).isEqualTo(other);
            assertThat(other.epoch()).isNotEqualTo(end.epoch());
        }
    }

    @Test
    void ofSeveralLogsThoseInFrontOfAMissingOneAreKept() throws Exception {
        List<Path> logs = growSeveralLogs(closed);
        Files.delete(logs.get(1));
        FeedLogException refusal = catchThrowableOfType(FeedLogException.class, () -> open(closed));
        assertThat(refusal)
                .hasMessageContaining(
                        "a write-ahead log before %s is missing", logs.get(2).getFileName());

        long end;
        try (var log = openAllTheSame(closed)) {
            end = requireNonNull(log.last()).lastSeq();
            assertThat(refusal).message().endsWith("to go on after update " + end);
            assertThat(end).as("the first of the logs is whole").isGreaterThan(ALL + 1);
            assertThat(Contents.linesAfter(0, log)).hasSize((int) end);
            assertThat(Contents.documents(log, Selection.ALL)).hasSize((int) end);
        }

        assertThat(logs.get(0).resolveSibling(logs.get(0).getFileName() + ".lost"))
                .doesNotExist();
        assertThat(logs.get(2).resolveSibling(logs.get(2).getFileName() + ".lost"))
                .exists();
        try (var log = open(closed)) {
            assertThat(requireNonNull(log.last()).lastSeq()).isEqualTo(end);
        }
    }

    /** A database that may do nothing in the background begins new logs and writes no tables. */
    private static List<Path> growSeveralLogs(Path store) throws Exception {
        StoreDirectory directory = StoreDirectory.prepare(store);
        try (Database database = Database.open(directory, Durability.OS)) {
            database.stopWaiting();
            while (directory.writeAheadLogs().size() < 3) {
                appendOneOfAMegabyte(database);
            }
            appendOneOfAMegabyte(database);
        }
        return directory.writeAheadLogs().stream().sorted().toList();
    }

    private static void appendOneOfAMegabyte(Database database) throws Exception {
        Batch last = requireNonNull(database.log().last());
        long seq = last.lastSeq() + 1;
        List<Change> changes = List.of(Change.put("orders", "o-" + seq, '"' + "x".repeat(1 << 20) + '"'));
        var builder = new Batch.Builder(new PlainLines());
        database.commit(
                List.of(builder.build(changes, seq, seq, last.bytesAfter(), last.committedAtMillis())),
                changes,
                OrderState.NO_MEMORY,
                List.of());
    }

    @Test
    void aPowerCutMayTakeWhatWasNotForced() throws Exception {
        new Mark(end, false, Durability.OS, "another-boot").write(killed);
        Damage.truncate(Crash.newestWal(killed), Files.size(Crash.newestWal(killed)) / 2);

        try (var log = open(killed)) {
            long head = requireNonNull(log.last()).lastSeq();
            assertThat(head).isBetween((long) OLDER, (long) ALL - 1);
            assertThat(log.epochs().include(end, head)).isFalse();
        }
    }

    @Test
    void aPowerCutMayNotTakeWhatWasForced() throws Exception {
        new Mark(end, false, Durability.SYNC, "another-boot").write(killed);
        Damage.truncate(Crash.newestWal(killed), Files.size(Crash.newestWal(killed)) / 2);

        assertThatThrownBy(() -> open(killed)).hasMessageContaining("which were acknowledged, are lost");
    }

    @Test
    void anOlderStateUnderANewerMarkIsRefused() throws Exception {
        Files.copy(closed.resolve(Mark.FILE), temporary.resolve("mark"));
        Path older = temporary.resolve("older");
        try (var log = open(older)) {
            new Publisher(log).appendOrders(ALL + 5);
        }
        Files.delete(older.resolve(Mark.FILE));
        Files.copy(temporary.resolve("mark"), older.resolve(Mark.FILE));

        assertThatThrownBy(() -> open(older)).hasMessageContaining("it knows nothing of " + end + ", where it was");
    }
}
