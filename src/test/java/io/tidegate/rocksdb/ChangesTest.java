package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Json;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog.Changes;
import io.tidegate.feed.FeedLog.Found;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changed, told by the index of changes, and how far it reaches back. */
@Timeout(120)
class ChangesTest extends StoreFixture {

    private static final int ROOM = 1 << 20;
    private static final long MUCH = 1L << 60;
    private static final Duration WEEK = Duration.ofDays(7);

    private static Selection selection(String... words) {
        return Selection.of(Stream.of(words).map(Selector::parse).toList());
    }

    private long head() {
        return requireNonNull(log.last()).lastSeq();
    }

    private Changes changes(long seq, Selection selection) throws FeedLogException {
        return log.changes(seq, selection, ROOM, head()).orElseThrow();
    }

    /** Without the log, as far as that is asked for. */
    private void trimLogTo(int updates, Duration tombstones, long bytes) throws FeedLogException {
        log.trim(new Retention(updates, MUCH, Duration.ZERO, tombstones, bytes), Long.MAX_VALUE);
    }

    private static String told(Changed changed) {
        Json value = changed.value();
        return changed.seq() + " " + changed.name() + (value == null ? " gone" : " " + value);
    }

    private static List<String> told(Changes changes) {
        return changes.documents().stream().map(ChangesTest::told).toList();
    }

    @Test
    void eachDocumentIsToldOnceInItsNewestForm() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"), Change.put("c", "b", "1"), Change.put("d", "a", "1"));
        publisher.append(Change.put("c", "a", "2"), Change.delete("d", "a"));
        publisher.append(Change.put("c", "a", "3"), Change.put("c", "x", "1"), Change.delete("c", "x"));

        assertThat(told(changes(0, Selection.ALL))).containsExactly("2 c/b 1", "5 d/a gone", "6 c/a 3", "8 c/x gone");
        assertThat(told(changes(2, selection("c/a*")))).containsExactly("6 c/a 3");
        assertThat(told(changes(6, selection("c/a*")))).isEmpty();
        assertThat(told(changes(5, selection("c")))).containsExactly("6 c/a 3", "8 c/x gone");
        assertThat(changes(0, Selection.NONE)).isEqualTo(new Changes(List.of(), 8));
    }

    @Test
    void whatMovedOnBeyondTheLimitIsLeftToLater() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"), Change.put("c", "b", "1"));
        publisher.append(Change.put("c", "a", "2"));

        Changes upTo2 = log.changes(0, Selection.ALL, ROOM, 2).orElseThrow();

        assertThat(told(upTo2)).containsExactly("2 c/b 1");
        assertThat(upTo2.last()).isEqualTo(2);
        assertThat(told(changes(2, Selection.ALL))).containsExactly("3 c/a 2");
    }

    @Test
    void aPieceEndsWithTheDocumentThatFillsIt() throws FeedLogException {
        publisher.appendOrders(10);

        Changes piece = log.changes(3, Selection.ALL, 3 * (Change.OVERHEAD_BYTES + 3), 10)
                .orElseThrow();

        assertThat(piece.documents()).extracting(Changed::seq).containsExactly(4L, 5L, 6L);
        assertThat(piece.last()).isEqualTo(6);
    }

    @Test
    void noCallLooksAtMoreThanAWindow() throws FeedLogException {
        int updates = ChangeSearch.WINDOW_UPDATES + 5000;
        for (int first = 1; first <= updates; first += 1000) {
            publisher.append(orders(first, 1000));
        }
        publisher.append(Change.put("c", "a", "1"));

        Changes window = changes(500, selection("c"));
        Found found = log.find(500, selection("c"), ROOM, head()).orElseThrow();

        assertThat(window.documents()).isEmpty();
        assertThat(window.last()).isBetween(500L + ChangeSearch.WINDOW_UPDATES, 1500L + ChangeSearch.WINDOW_UPDATES);
        assertThat(found).isEqualTo(new Found(List.of(), window.last()));
        assertThat(told(changes(window.last(), selection("c")))).hasSize(1);
        assertThat(log.find(window.last(), selection("c"), ROOM, head())
                        .orElseThrow()
                        .batches())
                .extracting(Batch::firstSeq)
                .containsExactly(head());
    }

    private static Change[] orders(int first, int count) {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < count; i++) {
            changes.add(Change.put("orders", "o-" + (first + i), "1"));
        }
        return changes.toArray(Change[]::new);
    }

    @Test
    void changesAreKnownFurtherBackThanTheLog() throws FeedLogException {
        publisher.appendOrders(50);
        publisher.append(Change.delete("orders", "o-7"));
        trimLogTo(1, WEEK, MUCH);

        assertThat(requireNonNull(log.oldest()).firstSeq()).isEqualTo(51);
        assertThat(log.changesKnownAfter()).isZero();
        assertThat(told(changes(47, Selection.ALL)))
                .containsExactly("48 orders/o-48 48", "49 orders/o-49 49", "50 orders/o-50 50", "51 orders/o-7 gone");
        assertThat(log.find(47, selection("orders"), ROOM, 51)).isEmpty();
        assertThat(log.find(50, selection("orders"), ROOM, 51)).isPresent();
    }

    @Test
    void theyAreForgottenWhenTheyAreOldEnough() throws FeedLogException {
        long now = System.currentTimeMillis();
        for (int age = 9; age >= 0; age--) {
            publisher.appendAt(now - age * Duration.ofHours(1).toMillis(), Change.put("c", "a", "1"));
        }

        trimLogTo(1, Duration.ofMinutes(150), MUCH);

        assertThat(log.changesKnownAfter()).isEqualTo(7);
        assertThat(log.changes(6, Selection.ALL, ROOM, 10)).isEmpty();
        assertThat(told(changes(7, Selection.ALL))).containsExactly("10 c/a 1");
    }

    @Test
    void theyAreForgottenWhenTheyAreTooMany() throws FeedLogException {
        publisher.appendOrders(9);
        // From here on each record is 24 bytes, 8 for the collection, and 2 + 4 for the key.
        publisher.appendOrders(90);

        trimLogTo(1, WEEK, 38 * 20);

        assertThat(log.changesKnownAfter()).isEqualTo(79);
    }

    @Test
    void theyAreNeverForgottenBeforeTheLogForgetsThem() throws FeedLogException {
        publisher.appendOrders(50);

        trimLogTo(20, Duration.ZERO, 0);

        assertThat(requireNonNull(log.oldest()).firstSeq()).isEqualTo(31);
        assertThat(log.changesKnownAfter()).isEqualTo(30);
    }

    @Test
    void anEmptyStoreKnowsNothingYet() throws FeedLogException {
        assertThat(log.changesKnownAfter()).isEqualTo(Long.MAX_VALUE);

        publisher.appendOrders(1);

        assertThat(log.changesKnownAfter()).isZero();
    }

    @Test
    void reopenedTheyReachAsFarAsBefore() throws FeedLogException {
        publisher.appendOrders(50);
        trimLogTo(1, WEEK, 500);
        long known = log.changesKnownAfter();
        assertThat(known).isBetween(20L, 48L);

        log.close();
        open();

        assertThat(log.changesKnownAfter()).isEqualTo(known);
        assertThat(changes(known, Selection.ALL).documents()).hasSize((int) (50 - known));
        publisher.append(Change.put("c", "a", "1"));
        trimLogTo(1, WEEK, 500);
        assertThat(log.changesKnownAfter()).isEqualTo(known + 1);
    }

    @Test
    void aKillAtAnyMomentLeavesThemWithoutHoles(@TempDir Path images) throws Exception {
        var random = new Random(7);
        for (int i = 1; i <= 600; i++) {
            publisher.append(longKeys(random));
            trimLogTo(1000, WEEK, 4 << 20);
            if (i % 100 == 0) {
                Path image = Crash.image(directory, images);
                try (var found = RocksFeedLog.open(new StoreSettings(image, Durability.OS))) {
                    assertThat(found.changesKnownAfter()).isLessThanOrEqualTo(log.changesKnownAfter());
                    assertAreWhole(found);
                }
                Crash.delete(image);
            }
        }
        assertThat(log.changesKnownAfter()).isGreaterThan(40_000);
        assertAreWhole(log);

        log.close();
        assertThat(new RawStore(directory).meta("changes-start")).isNotNull();
        open();
    }

    /** 40 KB of them. */
    private static Change[] longKeys(Random random) {
        return random.ints(100, 0, Integer.MAX_VALUE)
                .mapToObj(number -> Change.delete("c", Integer.toString(number).repeat(40)))
                .toArray(Change[]::new);
    }

    private static void assertAreWhole(RocksFeedLog log) throws FeedLogException {
        long end = requireNonNull(log.last()).lastSeq();
        for (long at = log.changesKnownAfter(); at < end; ) {
            Changes next = log.changes(at, Selection.ALL, ROOM, end).orElseThrow();
            assertThat(next.documents()).hasSize((int) (next.last() - at));
            at = next.last();
        }
    }

    @Test
    void theyAddUpWhileAppendsGoOn() throws Exception {
        int rounds = 3000;
        publisher.append(Change.put("c", "end", "0"));
        var appends = CompletableFuture.runAsync(() -> appendRounds(rounds));

        Map<String, Changed> has = new TreeMap<>();
        for (long at = 0; !appends.isDone() || at < head(); ) {
            if (at < head()) {
                Changes next = log.changes(at, Selection.ALL, 500, head()).orElseThrow();
                for (Changed changed : next.documents()) {
                    Changed before = has.put(changed.name().toString(), changed);
                    assertThat(before == null || before.seq() < changed.seq()).isTrue();
                }
                assertThat(next.last()).isGreaterThan(at);
                at = next.last();
            }
        }
        appends.join();

        has.values().removeIf(changed -> changed.value() == null);
        Map<String, String> documents = new TreeMap<>();
        has.forEach((name, changed) -> documents.put(name, String.valueOf(changed.value())));
        assertThat(documents).isEqualTo(publisher.documents());
    }

    private void appendRounds(int rounds) {
        var random = new Random(1);
        try {
            for (int i = 1; i <= rounds; i++) {
                String key = "k" + random.nextInt(10);
                publisher.append(
                        random.nextInt(3) == 0 ? Change.delete("c", key) : Change.put("c", key, Integer.toString(i)));
            }
        } catch (FeedLogException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRecordThatCannotBeReadIsDamage() throws Exception {
        publisher.appendOrders(3);
        for (byte[] garbage : List.of(new byte[0], new byte[20], new byte[40], record(0x7f), record(0x05))) {
            log.close();
            new RawStore(directory)
                    .change((rocks, families) -> rocks.put(families.get(RawStore.CHANGES), Database.bytes(2), garbage));
            open();

            for (Selection selection : List.of(Selection.ALL, selection("c"))) {
                assertThatThrownBy(() -> changes(0, selection))
                        .isInstanceOf(FeedLogException.class)
                        .hasMessageContaining("the store " + directory)
                        .hasMessageContaining("is damaged (the index of changes is not readable at update 2, ")
                        .hasMessageEndingWith("restore it from a backup");
            }
        }
    }

    /** Of one update in collection {@code c}, but for its number. */
    private static byte[] record(int number) {
        byte[] record = new byte[24 + 3 + 3];
        record[19] = 1;
        record[23] = 3;
        record[25] = 1;
        record[26] = 'c';
        record[27] = (byte) number;
        record[28] = 1;
        record[29] = 'k';
        return record;
    }

    @Test
    void aRecordThatIsMissingIsDamage() throws Exception {
        publisher.appendOrders(5);
        log.close();
        new RawStore(directory)
                .change((rocks, families) -> rocks.delete(families.get(RawStore.CHANGES), Database.bytes(3)));
        open();

        for (long seq : new long[] {0, 2}) {
            assertThatThrownBy(() -> changes(seq, Selection.ALL))
                    .hasMessageContaining("is damaged (in the index of changes update 3 is missing)");
        }
        assertThat(told(changes(3, Selection.ALL))).hasSize(2);
    }
}
