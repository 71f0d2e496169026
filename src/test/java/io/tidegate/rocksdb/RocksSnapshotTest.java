package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Document;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RocksSnapshotTest extends StoreFixture {

    @Test
    void documentsCarryTheNumberOfTheUpdateThatSetThem() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"), Change.put("c", "b", "2"), Change.put("c", "a", "3"));

        try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
            assertThat(snapshot.seq()).isEqualTo(3);
            assertThat(Contents.all(snapshot)).extracting(Document::seq).containsExactly(3L, 2L);
        }
    }

    @Test
    void changesOfABatchApplyInTheirOrder() throws FeedLogException {
        publisher.append(
                Change.put("c", "deleted", "1"),
                Change.delete("c", "deleted"),
                Change.delete("c", "set"),
                Change.put("c", "set", "2"),
                Change.delete("c", "never-there"));

        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(Map.of("c/set", "2"));
    }

    @Test
    void documentsAreOrderedByCollectionAndKey() throws FeedLogException {
        publisher.append(
                Change.put("b", "2", "1"),
                Change.put("a-1", "1", "1"),
                Change.put("a", "2", "1"),
                Change.put("\u00fc", "1", "1"),
                Change.put("b", "10", "1"),
                Change.put("a", "1", "1"));

        assertThat(Contents.documents(log, Selection.ALL))
                .isEqualTo(publisher.documents())
                .containsOnlyKeys("a/1", "a/2", "a-1/1", "b/10", "b/2", "\u00fc/1");
        assertThat(Contents.documents(log, Selection.ALL).keySet())
                .containsExactly("a/1", "a/2", "a-1/1", "b/10", "b/2", "\u00fc/1");
    }

    @Test
    void filterSelectsItsCollectionsOnly() throws FeedLogException {
        publisher.append(
                Change.put("a", "1", "1"),
                Change.put("ab", "1", "1"),
                Change.put("b", "1", "1"),
                Change.put("b", "2", "1"),
                Change.put("c", "1", "1"));

        assertThat(Contents.documents(log, selection("c", "a", "missing")).keySet())
                .containsExactly("a/1", "c/1");
        assertThat(Contents.documents(log, selection("b")).keySet()).containsExactly("b/1", "b/2");
        assertThat(Contents.documents(log, selection("missing"))).isEmpty();
    }

    @Test
    void selectorsAreSoughtWherePlacesAreToo() throws FeedLogException {
        publisher.append(
                Change.put("a", "k", "1"),
                Change.put("a", "k-1", "1"),
                Change.put("a", "k-10", "1"),
                Change.put("a", "k-2", "1"),
                Change.put("a", "l", "1"),
                Change.put("b", "\u20ac", "1"),
                Change.put("b", "\u20acuro", "1"),
                Change.put("ab", "k", "1"));
        for (String[] words : new String[][] {
            {"a/k-1", "a/k-2", "a/none", "b/\u20ac*", "ab"},
            {"a/k-*", "b/\u20acuro"},
            {"a/k*"},
            {"a/k"},
            {"b/none", "a/k-10", "a/m*"},
            {"none"},
            {}
        }) {
            Selection selection =
                    Selection.of(Arrays.stream(words).map(Selector::parse).toList());
            List<String> expected = publisher.documents().keySet().stream()
                    .filter(name -> selection.includes(name(name)))
                    .toList();

            assertThat(Contents.documents(log, selection).keySet()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(oneByOne(selection)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void aPlaceBehindADocumentIsInAnyOrderOfItAndWhatIsSelected() throws FeedLogException {
        publisher.append(
                Change.put("a", "k", "1"),
                Change.put("a", "k-1", "1"),
                Change.put("a", "k-2", "1"),
                Change.put("a", "l", "1"),
                Change.put("ab", "k", "1"),
                Change.put("b", "\u20acuro", "1"));
        for (String words : List.of("a/k-1 b", "a/k-* ab/k", "a/k a/l", "ab", "none", "a/k*")) {
            Selection selection = Selection.of(
                    Arrays.stream(words.split(" ")).map(Selector::parse).toList());
            List<String> selected =
                    List.copyOf(Contents.documents(log, selection).keySet());
            for (String behind :
                    List.of("A/z", "a/k", "a/k-", "a/k-1", "a/k-9", "a/z", "ab/k", "b/a", "b/\u20acuro", "z/1")) {
                List<String> expected = selected.stream()
                        .filter(each -> inBytes(each).compareTo(inBytes(behind)) > 0)
                        .toList();
                try (Snapshot snapshot = log.snapshot(selection)) {
                    assertThat(Contents.byName(Contents.from(Snapshot.behind(name(behind)), snapshot))
                                    .keySet())
                            .as("%s behind %s", words, behind)
                            .containsExactlyElementsOf(expected);
                }
            }
        }
    }

    /** For names without letters of more than 16 bits: it compares as their octets do. */
    private static String inBytes(String name) {
        return name.replace('/', '\0');
    }

    private static DocumentName name(String text) {
        String[] parts = text.split("/", 2);
        return new DocumentName(new Collection(parts[0]), new Key(parts[1]));
    }

    private List<String> oneByOne(Selection selection) throws FeedLogException {
        var names = new ArrayList<String>();
        try (Snapshot snapshot = log.snapshot(selection)) {
            ByteString place = Snapshot.START;
            while (place != null) {
                place = snapshot.read(place, takeOne(names));
            }
        }
        return names;
    }

    @Test
    void aPieceEndsWhereItsTakerSaysAndTheLastOneIsKnownAsTheLast() throws FeedLogException {
        publisher.append(Change.put("a", "1", "1"), Change.put("a", "2", "2"), Change.put("b", "1", "3"));

        for (Selection selection : List.of(Selection.ALL, selection("a", "b"))) {
            try (Snapshot snapshot = log.snapshot(selection)) {
                var names = new ArrayList<String>();
                ByteString place = snapshot.read(Snapshot.START, takeOne(names));
                assertThat(names).containsExactly("a/1");
                place = snapshot.read(requireNonNull(place), takeOne(names));
                assertThat(names).containsExactly("a/1", "a/2");
                place = snapshot.read(requireNonNull(place), takeOne(names));
                assertThat(names).containsExactly("a/1", "a/2", "b/1");
                assertThat(place).isNull();
            }
        }
    }

    @Test
    void snapshotOutlivesTheOverwritingOfItsDocuments() throws FeedLogException {
        publisher.appendOrders(100);
        Map<String, String> before = Contents.documents(log, Selection.ALL);
        try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
            var first = new ArrayList<String>();
            ByteString place = requireNonNull(snapshot.read(Snapshot.START, takeOne(first)));
            for (int i = 1; i <= 100; i++) {
                publisher.append(Change.put("orders", "o-" + i, "\"new\""), Change.put("orders", "p-" + i, "1"));
                publisher.append(Change.delete("orders", "o-" + i));
            }

            Map<String, String> rest = Contents.byName(Contents.from(place, snapshot));

            assertThat(snapshot.seq()).isEqualTo(100);
            assertThat(rest).hasSize(99).doesNotContainKey(first.get(0));
            assertThat(before).containsAllEntriesOf(rest);
        }
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(publisher.documents());
    }

    @Test
    void documentsAgreeWithTheNumberWhileAppendsGoOn() throws Exception {
        int batches = 2000;
        var appends = CompletableFuture.runAsync(() -> appendPairs(batches));

        long seq = 0;
        while (seq < 2L * batches) {
            try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
                assertThat(snapshot.seq()).isGreaterThanOrEqualTo(seq);
                seq = snapshot.seq();
                if (seq > 0) {
                    String round = Long.toString(seq / 2);
                    assertThat(Contents.documents(snapshot)).isEqualTo(Map.of("left/x", round, "right/x", round));
                }
            }
        }
        appends.join();
    }

    private void appendPairs(int batches) {
        try {
            for (int i = 1; i <= batches; i++) {
                String round = Integer.toString(i);
                publisher.append(Change.put("left", "x", round), Change.put("right", "x", round));
            }
        } catch (FeedLogException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void manyReadOneSnapshotEachAtItsOwnPlace() throws FeedLogException {
        publisher.appendOrders(100);

        try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
            var names = new ArrayList<String>();
            ByteString place = requireNonNull(snapshot.read(Snapshot.START, takeOne(names)));
            Map<String, String> rest = Contents.byName(Contents.from(place, snapshot));

            assertThat(Contents.documents(snapshot)).isEqualTo(publisher.documents());
            assertThat(Contents.byName(Contents.from(place, snapshot)))
                    .isEqualTo(rest)
                    .hasSize(99);
        }
    }

    @Test
    void keysThatJsonEscapesAreWrittenAsJsonStrings() throws FeedLogException {
        publisher.append(Change.put("c", "a\"b\\c", "1"), Change.put("c", "\u00fc\u20ac", "2"));
        var keys = new Utf8Buffer(16);

        try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
            snapshot.read(Snapshot.START, document -> {
                document.writeKey(keys);
                return true;
            });
        }

        assertThat(new String(keys.toArray(), StandardCharsets.UTF_8)).isEqualTo("\"a\\\"b\\\\c\"\"\u00fc\u20ac\"");
    }

    private static Snapshot.Sink takeOne(List<String> names) {
        return document -> {
            Document copy = Contents.copy(document);
            names.add(copy.collection() + "/" + copy.key());
            return false;
        };
    }

    @Test
    void closedSnapshotRefusesToRead() throws FeedLogException {
        Snapshot snapshot = log.snapshot(Selection.ALL);

        snapshot.close();
        snapshot.close();

        assertThatThrownBy(() -> snapshot.read(Snapshot.START, document -> false))
                .isInstanceOf(FeedLogException.class)
                .hasMessage("the snapshot is closed");
    }

    private static Selection selection(String... names) {
        return Selection.ofCollections(Arrays.stream(names).map(Collection::new).toList());
    }
}
