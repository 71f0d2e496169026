package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One document with the number of the update that wrote it. */
@Timeout(120)
class PointReadTest {

    private static final Collection ORDERS = new Collection("orders");
    private static final Key O1 = new Key("o-1");

    @TempDir
    Path temporary;

    private RocksFeedLog log;
    private Publisher publisher;

    private Path store() {
        return temporary.resolve("store");
    }

    @BeforeEach
    void open() throws FeedLogException {
        log = RocksFeedLog.open(new StoreSettings(store(), Durability.OS));
        publisher = new Publisher(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static void assertStands(RocksFeedLog in, Key key, long seq, String json) throws FeedLogException {
        assertThat(in.document(ORDERS, key))
                .contains(new StoredDocument(in.epochs().of(seq), Json.of(json)));
        assertThat(in.seqOf(ORDERS, key)).isEqualTo(seq);
    }

    private static void assertMissing(RocksFeedLog in, Collection collection, Key key) throws FeedLogException {
        assertThat(in.document(collection, key)).isEmpty();
        assertThat(in.seqOf(collection, key)).isZero();
    }

    @Test
    void aDocumentHasTheNumberOfTheUpdateThatWroteIt() throws FeedLogException {
        publisher.append(Change.put("orders", "o-0", "0"), Change.put("orders", "o-1", "{\"qty\":5}"));
        publisher.append(Change.put("orders", "o-2", "2"));

        assertStands(log, O1, 2, "{\"qty\":5}");
        assertStands(log, new Key("o-2"), 3, "2");
    }

    @Test
    void aPutOfTheSameValueIsAnotherUpdate() throws FeedLogException {
        publisher.append(Change.put("orders", "o-1", "1"));
        publisher.append(Change.put("orders", "o-1", "1"));

        assertStands(log, O1, 2, "1");
    }

    @Test
    void ofSeveralPutsInABatchTheLastCounts() throws FeedLogException {
        publisher.append(
                Change.put("orders", "o-1", "1"), Change.put("orders", "o-2", "2"), Change.put("orders", "o-1", "3"));

        assertStands(log, O1, 3, "3");
    }

    @Test
    void neighboursAreNotTakenForTheDocument() throws FeedLogException {
        publisher.append(
                Change.put("order", "so-1", "1"), Change.put("orders", "o-10", "2"), Change.put("orders", "o-", "3"));

        assertMissing(log, ORDERS, O1);
        assertMissing(log, new Collection("orders2"), O1);
    }

    @Test
    void aDeletedDocumentIsMissingUntilItIsPutAgain() throws FeedLogException {
        publisher.append(Change.put("orders", "o-1", "1"));
        publisher.append(Change.delete("orders", "o-1"));
        assertMissing(log, ORDERS, O1);

        publisher.append(Change.put("orders", "o-1", "1"));

        assertStands(log, O1, 3, "1");
    }

    @Test
    void valuesAndNamesOfAnySizeAreRead() throws FeedLogException {
        var key = new Key("\ud83d\ude00".repeat(256));
        String large = "\"" + "x".repeat(300_000) + "\"";
        publisher.append(Change.put("orders", key.text(), large), Change.put("orders", "o-1", "0"));

        assertStands(log, key, 1, large);
        assertStands(log, O1, 2, "0");
    }

    @Test
    void theNumberSurvivesARestart() throws FeedLogException {
        publisher.append(Change.put("orders", "o-1", "1"), Change.put("orders", "o-2", "2"));
        publisher.append(Change.delete("orders", "o-2"));

        log.close();
        open();

        assertStands(log, O1, 1, "1");
        assertMissing(log, ORDERS, new Key("o-2"));
        publisher.append(Change.put("orders", "o-2", "2"));
        assertStands(log, new Key("o-2"), 4, "2");
    }

    @Test
    void theNumberSurvivesACrash() throws Exception {
        publisher.append(Change.put("orders", "o-1", "1"), Change.put("orders", "o-2", "2"));
        publisher.append(Change.delete("orders", "o-2"), Change.put("orders", "o-1", "3"));

        Path image = Crash.image(store(), temporary);
        try (var after = RocksFeedLog.open(new StoreSettings(image, Durability.OS))) {
            assertStands(after, O1, 4, "3");
            assertMissing(after, ORDERS, new Key("o-2"));
        }
    }

    @Test
    void aPointReadSaysTheSameAsASnapshot() throws FeedLogException {
        for (int round = 0; round < 20; round++) {
            publisher.append(
                    Change.put("orders", "o-" + round % 7, "" + round),
                    Change.delete("orders", "o-" + round % 5),
                    Change.put("orders", "o-" + round % 3, "\"" + round + "\""));
        }

        List<StoredDocument> points = new ArrayList<>();
        List<StoredDocument> snapshot = new ArrayList<>();
        try (Snapshot all = log.snapshot(Selection.ALL)) {
            for (var document : Contents.all(all)) {
                snapshot.add(new StoredDocument(log.epochs().of(document.seq()), document.value()));
                points.add(log.document(ORDERS, document.key()).orElseThrow());
            }
        }

        assertThat(points).isNotEmpty().isEqualTo(snapshot);
    }

    @Test
    void aClosedStoreIsNotRead() {
        log.close();

        assertThatThrownBy(() -> log.document(ORDERS, O1))
                .isInstanceOf(FeedLogException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> log.seqOf(ORDERS, O1)).isInstanceOf(FeedLogException.class);
    }
}
