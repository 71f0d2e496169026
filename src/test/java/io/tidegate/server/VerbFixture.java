package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, and clients of it that are followed to their ends. */
abstract class VerbFixture {

    static final int UPDATES = 200;
    private static final String VALUE = "\"" + "x".repeat(100_000) + "\"";

    /** An abort does not know how far a piece got that was under way; see the ledger's description. */
    private static final int PIECE_BYTES = 512;

    private static final int SEALED_BYTES = 4 * 16 * 1024;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // started before each test
    Tidegate server;

    @SuppressWarnings("NullAway.Init")
    private Way way;

    /** The version of TLS that is spoken, with tokens on; empty for neither. */
    String tls() {
        return "";
    }

    final boolean leavesByItself() {
        return way.leavesByItself();
    }

    /** What a cut leaves of what is under way: a piece, or the records that are sealed at once. */
    final int pieceBytes() {
        return way.isPlain() ? PIECE_BYTES : SEALED_BYTES;
    }

    @BeforeEach
    void start() throws Exception {
        // A client that has got its FIN is not let go while the test looks at it.
        start("tidegate.drain.timeout = 15 s, tidegate.connection.delivered-linger = 1 h");
    }

    void start(String settings) throws Exception {
        way = new Way(tls(), directory);
        server = TestServer.start(directory, settings, way.settings());
    }

    @AfterEach
    void stop() {
        server.force("test over");
        server.close();
    }

    /** 20 MB: more than the kernel buffers of both sides hold. */
    void publish() {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < UPDATES; i++) {
            last = server.publish(Change.put("big", "k" + i, VALUE)).toCompletableFuture();
        }
        last.join();
    }

    static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    ConnectionStatus status(Witness client) {
        // The manager hears of it a moment after it is served.
        Await.until(() -> listed(client).isPresent() || !entries(client).isEmpty());
        return listed(client).orElseThrow(() -> new AssertionError("ended: " + entries(client)));
    }

    Optional<ConnectionStatus> listed(Witness client) {
        return join(server.connections().list()).stream()
                .filter(status -> status.peer().equals(client.address()))
                .findAny();
    }

    void await(Witness client, Predicate<ConnectionStatus> condition) {
        Await.until(() -> condition.test(status(client)));
    }

    LedgerEntry ended(Witness client) {
        Await.until(() -> entries(client).size() == 1);
        return entries(client).get(0);
    }

    List<LedgerEntry> entries(Witness client) {
        return server.connections().ended(100).stream()
                .filter(entry -> entry.peer().equals(client.address()))
                .toList();
    }

    /** A client that may do everything. */
    Witness client(int receiveBufferBytes) throws Exception {
        return way.witness(server, receiveBufferBytes);
    }

    Witness follower(int receiveBufferBytes) throws Exception {
        Witness client = client(receiveBufferBytes).send("updates").await("subscribed");
        Await.until(() -> listed(client).isPresent());
        return client;
    }

    /** A follower with megabytes pending that reads nothing, in the middle of a write. */
    Witness stuckFollower() throws Exception {
        Witness client = follower(Witness.SMALL_BUFFER);
        publish();
        awaitStuck(client);
        return client;
    }

    void awaitStuck(Witness client) {
        await(
                client,
                status -> status.sent().bytesUnsent() > 0 && status.stuck().toMillis() > 100);
    }

    static void assertEnd(LedgerEntry entry, Outcome outcome, CloseReason reason) {
        assertThat(entry.ending().outcome()).isEqualTo(outcome);
        assertThat(entry.ending().reason()).isEqualTo(reason);
    }

    /** The client read to the end of the stream: what it counted is what the ledger has. */
    static void assertTruthful(LedgerEntry entry, Witness client) {
        assertThat(entry.ending().sent().bytes()).isEqualTo(client.bytes());
        assertThat(entry.ending().sent().updates()).isEqualTo(client.updates());
        assertThat(entry.ending().sent().lastSeq()).isEqualTo(client.lastSeq());
    }

    int end(Verb how, Witness client) {
        return join(server.connections().end(how, new Which.Id(status(client).id())));
    }
}
