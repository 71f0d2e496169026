package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.StoredDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads of documents and writes with preconditions, by the program around the server. */
@Timeout(120)
class ConditionalWriteTest {

    private static final Collection ORDERS = new Collection("orders");
    private static final Key O1 = new Key("o-1");

    @TempDir
    Path directory;

    private static Position publish(Tidegate server, Change change, Precondition precondition) {
        return server.publish(change, precondition).toCompletableFuture().join();
    }

    private static Optional<StoredDocument> read(Tidegate server) {
        return server.read(ORDERS, O1).toCompletableFuture().join();
    }

    @Test
    void whatWasPublishedIsReadWithItsPosition() throws Exception {
        try (var server = TestServer.start(directory)) {
            assertThat(read(server)).isEmpty();

            Position first = publish(server, Change.put("orders", "o-1", "1"), Precondition.mustNotExist());
            assertThat(read(server)).contains(new StoredDocument(first, Json.of("1")));
            Position second = publish(server, Change.put("orders", "o-1", "2"), Precondition.mustBeAt(first));

            assertThat(read(server)).contains(new StoredDocument(second, Json.of("2")));
        }
    }

    @Test
    void aPositionFromBeforeARestartIsStillTheDocuments() throws Exception {
        Position before;
        try (var server = TestServer.start(directory)) {
            before = publish(server, Change.put("orders", "o-1", "1"), Precondition.none());
        }

        try (var server = TestServer.start(directory)) {
            assertThat(read(server)).map(StoredDocument::position).contains(before);
            Position after = publish(server, Change.delete("orders", "o-1"), Precondition.mustBeAt(before));

            assertThat(after.seq()).isEqualTo(2);
            assertThat(read(server)).isEmpty();
        }
    }

    @Test
    void aFailedPreconditionSaysWhereTheDocumentIsAndFollowersSeeNothingOfIt() throws Exception {
        try (var server = TestServer.start(directory);
                var follower = TestServer.client(server)) {
            follower.send("updates");
            follower.lines(2);
            Position first = publish(server, Change.put("orders", "o-1", "1"), Precondition.none());

            var late = server.publish(Change.put("orders", "o-1", "2"), Precondition.mustNotExist())
                    .toCompletableFuture();
            var missing = server.publish(Change.delete("orders", "o-2"), Precondition.mustExist())
                    .toCompletableFuture();

            assertThatThrownBy(late::join)
                    .cause()
                    .isInstanceOfSatisfying(PreconditionFailedException.class, e -> assertThat(e.current())
                            .contains(first))
                    .hasMessageContaining("the document is at " + first);
            assertThatThrownBy(missing::join)
                    .cause()
                    .isInstanceOfSatisfying(PreconditionFailedException.class, e -> assertThat(e.current())
                            .isEmpty())
                    .hasMessageContaining("there is no such document");
            Position next = publish(server, Change.put("orders", "o-3", "3"), Precondition.none());
            assertThat(follower.line()).contains("\"seq\":1,");
            assertThat(follower.line()).contains("\"seq\":2,", "\"o-3\"");
            assertThat(next.seq()).isEqualTo(2);
            follower.halfClose();
        }
    }

    @Test
    void aStoppedServerIsNotRead() throws Exception {
        var server = TestServer.start(directory);
        server.close();

        var read = server.read(ORDERS, O1).toCompletableFuture();

        assertThatThrownBy(read::join).hasCauseInstanceOf(ReadException.class);
    }

    @Test
    void noIncrementIsLostByEightThreads() throws Exception {
        int threads = 8;
        int increments = 50;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (var server = TestServer.start(directory)) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                done.add(CompletableFuture.runAsync(() -> increment(server, increments), pool));
            }
            done.forEach(CompletableFuture::join);

            assertThat(read(server)).map(StoredDocument::value).contains(Json.of("" + threads * increments));
            assertThat(server.updates()).isEqualTo((long) threads * increments);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void increment(Tidegate server, int times) {
        int done = 0;
        while (done < times) {
            Optional<StoredDocument> current = read(server);
            int next = current.map(document -> Integer.parseInt(document.value().toString()))
                            .orElse(0)
                    + 1;
            Precondition unchanged = current.map(document -> Precondition.mustBeAt(document.position()))
                    .orElseGet(Precondition::mustNotExist);
            try {
                publish(server, Change.put("orders", "o-1", "" + next), unchanged);
                done++;
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(PreconditionFailedException.class);
            }
        }
    }
}
