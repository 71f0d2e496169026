package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.kafka.KafkaBroker;
import io.tidegate.kafka.KafkaLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a shared feed that have no store to go on with, and have another node's. */
@Timeout(180)
class PeerStoreTest {

    @TempDir
    Path directory;

    private final String topic = KafkaBroker.newTopic();
    private final List<Tidegate> nodes = new ArrayList<>();

    private Tidegate start(String name, String... more) throws StartException {
        List<String> settings = new ArrayList<>(shared());
        settings.addAll(List.of(more));
        Tidegate node = TestServer.start(directory.resolve(name), settings.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private List<String> shared() {
        return List.of(
                "tidegate.feed.order = kafka",
                "tidegate.kafka.bootstrap-servers = [\"" + KafkaBroker.shared().address() + "\"]",
                "tidegate.kafka.replication-factor = 1",
                "tidegate.kafka.topic = " + topic,
                "tidegate.shared.open-timeout = 0 s");
    }

    /** Others do not find it by themselves. */
    private static final String HIDDEN = "tidegate.shared.advertise.admin = \"\"";

    private static String peer(Tidegate node) {
        return "tidegate.shared.peers { fetch-from = 0, addresses = [\"http://127.0.0.1:"
                + node.adminAddress().getPort() + "\"] }";
    }

    private void stop(Tidegate node) {
        node.close();
        nodes.remove(node);
    }

    @AfterEach
    void end() {
        nodes.forEach(Tidegate::close);
    }

    private static Position put(Tidegate node, int count) throws Exception {
        CompletableFuture<Position> last = new CompletableFuture<>();
        for (int i = 0; i < count; i++) {
            last = node.publish(Change.put("c", "k" + i % 100, "" + i)).toCompletableFuture();
        }
        return last.get(60, TimeUnit.SECONDS);
    }

    private static long stored(Tidegate node) {
        return node.nodes().toCompletableFuture().join().get(0).node().offset();
    }

    /** Puts one more, and then it is as if nobody had needed for long what is in the log so far. Returns where that begins now. */
    private long trimWhatIsStoredBy(Tidegate node) throws Exception {
        try (var log = KafkaLog.open(KafkaBroker.shared().settings(topic))) {
            long before = log.end().toCompletableFuture().get(60, TimeUnit.SECONDS);
            put(node, 1);
            Await.until(() -> stored(node) > before);
            long stored = stored(node);
            log.trim(stored).toCompletableFuture().get(60, TimeUnit.SECONDS);
            return stored;
        }
    }

    @Test
    void aNodeWithoutAStoreHasTheCopyOfAnothersAndGoesOnFromThere() throws Exception {
        Tidegate one = start("one");
        put(one, 300);
        trimWhatIsStoredBy(one);
        Position head = one.position();

        Tidegate two = start("two", peer(one));

        assertThat(two.position()).as("before it has read anything").isEqualTo(head);
        Position next = put(one, 1);
        Await.until(() -> two.position().equals(next));
        assertThat(two.read("c", "k99")
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .value()
                        .toString())
                .isEqualTo("299");
        assertThat(Path.of(two.storeDirectory(), "incoming")).doesNotExist();
        assertThat(put(two, 1).seq()).isEqualTo(next.seq() + 1);
    }

    @Test
    void aPeerIsFoundByWhatItTellsInTheLog() throws Exception {
        Tidegate one = start("one", "tidegate.shared.announce-interval = 1 s");
        put(one, 3);
        long trimmed = trimWhatIsStoredBy(one);
        Position head = one.position();
        try (var log = KafkaLog.open(KafkaBroker.shared().settings(topic))) {
            Await.until(() -> log.end().toCompletableFuture().join() > trimmed);
        }

        Tidegate two = start("two");

        assertThat(two.position()).as("before it has read anything").isEqualTo(head);
    }

    @Test
    void whatTheLogDoesNotTellAnyMoreHasToComeFromSomebody() throws Exception {
        Tidegate one = start("one", HIDDEN);
        put(one, 3);
        trimWhatIsStoredBy(one);

        assertThatThrownBy(() -> start("two"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the shared log does not tell all that came before")
                .hasMessageContaining("tidegate.shared.peers.addresses")
                .hasMessageContaining("no other node is known");
        assertThatThrownBy(() -> start("two", "tidegate.shared.peers.addresses = [\"http://127.0.0.1:1\"]"))
                .hasMessageContaining("http://127.0.0.1:1: ");
    }

    @Test
    void aNodeThatWasAwayForTooLongGoesOnWithAnothersStoreInTheSameEpoch() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        Position seen = put(one, 3);
        Await.until(() -> two.position().equals(seen));
        stop(two);
        trimWhatIsStoredBy(one);
        Position next = one.position();

        Tidegate again = start("two", peer(one));

        assertThat(again.position()).isEqualTo(next);
        assertThat(Files.exists(Path.of(again.storeDirectory(), "aside", "CURRENT")))
                .isTrue();
        try (var follower = TestServer.client(again)) {
            follower.send("updates after " + seen);
            assertThat(follower.line()).contains("\"event\":\"subscribed\"");
            assertThat(follower.line()).contains("\"seq\":" + next.seq());
        }
    }

    @Test
    void whileNobodyAnswersALogThatIsWholeIsRead() throws Exception {
        Tidegate one = start("one");
        Position head = put(one, 3);

        Tidegate two = start("two", "tidegate.shared.peers { fetch-from = 0, addresses = [\"http://127.0.0.1:1\"] }");

        Await.until(() -> two.position().equals(head));
    }

    private Config settings(String name) {
        return TestServer.config(directory.resolve(name), shared().toArray(String[]::new));
    }

    @Test
    void aStoreOfOneIsMovedToALogWithItsNumbersAndBack() throws Exception {
        Position seen;
        try (Tidegate alone = TestServer.start(directory.resolve("one"))) {
            put(alone, 5);
            seen = alone.position();
            put(alone, 2);
        }

        Position moved = StoreMove.of(settings("one")).toLog();

        assertThat(moved.seq()).isEqualTo(7);
        Tidegate one = start("one", HIDDEN);
        Tidegate two = start("two", peer(one), HIDDEN);
        assertThat(two.position()).isEqualTo(one.position()).isEqualTo(moved);
        Position next = put(two, 1);
        assertThat(next.seq()).isEqualTo(8);
        Await.until(() -> one.position().equals(next));
        try (var follower = TestServer.client(two)) {
            follower.send("updates after " + seen);
            assertThat(follower.line()).contains("\"event\":\"subscribed\"");
            assertThat(follower.line()).contains("\"seq\":6,");
        }
        assertThatThrownBy(() -> start("three"))
                .hasMessageContaining("the shared log does not tell all that came before");
        stop(one);

        Position back = StoreMove.of(settings("one")).toStore();

        assertThat(back.seq()).isEqualTo(8);
        Await.until(() -> String.valueOf(two.lag()).contains("the feed was moved to a server that decides alone"));
        try (Tidegate alone = TestServer.start(directory.resolve("one"))) {
            assertThat(put(alone, 1).seq()).isEqualTo(9);
            try (var follower = TestServer.client(alone)) {
                follower.send("updates after " + next);
                assertThat(follower.line()).contains("\"event\":\"subscribed\"");
                assertThat(follower.line()).contains("\"seq\":9,");
            }
        }
    }

    @Test
    void aFeedIsMovedToALogThatHasNothingAndByAStoreThatHasReadAll() throws Exception {
        Tidegate one = start("one");
        put(one, 1);
        try (Tidegate alone = TestServer.start(directory.resolve("alone"))) {
            put(alone, 1);
        }
        Tidegate two = start("two");
        stop(two);
        put(one, 1);

        assertThatThrownBy(() -> StoreMove.of(settings("alone")).toLog()).hasMessageContaining("has entries already");
        assertThatThrownBy(() -> StoreMove.of(settings("two")).toStore())
                .hasMessageContaining("the log has changes that the store does not have");
        assertThatThrownBy(() -> StoreMove.of(TestServer.config(directory.resolve("alone"))))
                .hasMessageContaining("tidegate.feed.order = local");
        put(one, 1);
    }
}
