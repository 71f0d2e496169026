package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Document;
import io.tidegate.document.Filter;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RocksSnapshotTest {

    @TempDir
    Path directory;

    private RocksFeedLog log;
    private Publisher publisher;

    @BeforeEach
    void open() throws FeedLogException {
        log = RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
        publisher = new Publisher(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void documentsCarryTheNumberOfTheUpdateThatSetThem() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"), Change.put("c", "b", "2"), Change.put("c", "a", "3"));

        try (Snapshot snapshot = log.snapshot(Filter.ALL)) {
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

        assertThat(Contents.documents(log, Filter.ALL)).isEqualTo(Map.of("c/set", "2"));
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

        assertThat(Contents.documents(log, Filter.ALL))
                .isEqualTo(publisher.documents())
                .containsOnlyKeys("a/1", "a/2", "a-1/1", "b/10", "b/2", "\u00fc/1");
        assertThat(Contents.documents(log, Filter.ALL).keySet())
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

        assertThat(Contents.documents(log, filter("c", "a", "missing")).keySet())
                .containsExactly("a/1", "c/1");
        assertThat(Contents.documents(log, filter("b")).keySet()).containsExactly("b/1", "b/2");
        assertThat(Contents.documents(log, filter("missing"))).isEmpty();
    }

    @Test
    void everyPieceHoldsWhatFitsAndAtLeastOneDocument() throws FeedLogException {
        publisher.append(Change.put("a", "1", "1"), Change.put("a", "2", "2"), Change.put("b", "1", "3"));

        for (Filter filter : List.of(Filter.ALL, filter("a", "b"))) {
            try (Snapshot snapshot = log.snapshot(filter)) {
                assertThat(snapshot.read(1)).hasSize(1);
                assertThat(snapshot.read(1)).hasSize(1);
                assertThat(snapshot.read(1000)).hasSize(1);
                assertThat(snapshot.read(1000)).isEmpty();
                assertThat(snapshot.read(1000)).isEmpty();
            }
        }
    }

    @Test
    void snapshotOutlivesTheOverwritingOfItsDocuments() throws FeedLogException {
        publisher.appendOrders(100);
        Map<String, String> before = Contents.documents(log, Filter.ALL);
        try (Snapshot snapshot = log.snapshot(Filter.ALL)) {
            List<Document> first = snapshot.read(1);
            for (int i = 1; i <= 100; i++) {
                publisher.append(Change.put("orders", "o-" + i, "\"new\""), Change.put("orders", "p-" + i, "1"));
                publisher.append(Change.delete("orders", "o-" + i));
            }

            Map<String, String> rest = Contents.documents(snapshot);

            assertThat(snapshot.seq()).isEqualTo(100);
            assertThat(rest)
                    .hasSize(99)
                    .doesNotContainKey("orders/" + first.get(0).key());
            assertThat(before).containsAllEntriesOf(rest);
        }
        assertThat(Contents.documents(log, Filter.ALL)).isEqualTo(publisher.documents());
    }

    @Test
    void documentsAgreeWithTheNumberWhileAppendsGoOn() throws Exception {
        int batches = 2000;
        var appends = CompletableFuture.runAsync(() -> appendPairs(batches));

        long seq = 0;
        while (seq < 2L * batches) {
            try (Snapshot snapshot = log.snapshot(Filter.ALL)) {
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
    void closedSnapshotRefusesToRead() throws FeedLogException {
        Snapshot snapshot = log.snapshot(Filter.ALL);

        snapshot.close();
        snapshot.close();

        assertThatThrownBy(() -> snapshot.read(1))
                .isInstanceOf(FeedLogException.class)
                .hasMessage("the snapshot is closed");
    }

    private static Filter filter(String... names) {
        return Filter.of(Arrays.stream(names).map(Collection::new).toList());
    }
}
