package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of a server up to the end of its drain, in plain and over TLS, against the plainest model: who is there, what each
 * was sent, and how each ended, as its socket and the ledger have it. {@code -Dtidegate.seed=…} replays one history.
 */
@Timeout(120)
class DrainHistoryTest {

    private static final int HISTORIES = Boolean.getBoolean("journey.long") ? 100 : 2;
    private static final int STEPS = 20;
    private static final int LARGE_CHANGES = 120;
    private static final String LARGE = "\"" + "x".repeat(100_000) + "\"";

    /** A client, and what is known of it. */
    private static final class Client {

        private final Witness witness;
        private final boolean reads;
        private final boolean halfClosed;

        /** Updates that concern it and were committed before it came. */
        private final long before;

        Client(Witness witness, boolean reads, boolean halfClosed, long before) {
            this.witness = witness;
            this.reads = reads;
            this.halfClosed = halfClosed;
            this.before = before;
        }
    }

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final List<Client> open = new ArrayList<>();
    private final List<Witness> all = new ArrayList<>();
    private long small;

    @SuppressWarnings("NullAway.Init") // each history starts its own
    private Tidegate server;

    @SuppressWarnings("NullAway.Init")
    private Way way;

    static Stream<Arguments> histories() {
        Long told = Long.getLong("tidegate.seed");
        return Stream.of("", SecureClients.TLS_12, SecureClients.TLS_13)
                .flatMap(version -> (told == null ? LongStream.rangeClosed(1, HISTORIES) : LongStream.of(told))
                        .mapToObj(seed -> Arguments.of(version, seed)));
    }

    @AfterEach
    void stop() throws IOException {
        for (Witness each : all) {
            each.close();
        }
        TestServer.end(time, server);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyoneEndsAsTheModelSaysAndTheLedgerHasIt(String version, long seed) throws Exception {
        way = new Way(version, directory);
        server = TestServer.start(
                time,
                directory,
                way.settings(),
                "tidegate.drain { timeout = 10 m, spread = 0 s }, tidegate.tls.handshake-timeout = 1 h",
                "tidegate.connection { stall-timeout = 1 day, linger-timeout = 1 day, delivered-linger = 1 day }",
                "tidegate.connection { heartbeat-interval = 1 day, peer-timeout = 1 day }");
        var random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            int action = random.nextInt(100);
            if (action < 45) {
                open(random);
            } else if (action < 70) {
                publish(1 + random.nextInt(20));
            } else {
                endAny(random);
            }
        }
        drain();
        assertThat(server.connections().totals().ended()).isEqualTo(all.size());
    }

    private void open(Random random) throws Exception {
        boolean reads = random.nextInt(6) > 0;
        Witness witness = way.witness(server, reads ? 0 : Witness.SMALL_BUFFER);
        all.add(witness);
        // Who does not read has something of its own to leave unread.
        witness.send(reads ? "updates small" : "updates").await("caughtup");
        boolean halfCloses = reads && random.nextInt(4) == 0;
        if (halfCloses) {
            witness.halfClose();
        }
        open.add(new Client(witness, reads, halfCloses, small));
    }

    private void publish(int count) {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < count; i++) {
            last = server.publish(Change.put("small", "k" + i, "1")).toCompletableFuture();
        }
        last.join();
        small += count;
    }

    private void endAny(Random random) throws Exception {
        List<Client> readers = open.stream().filter(client -> client.reads).toList();
        if (readers.isEmpty()) {
            return;
        }
        Client client = readers.get(random.nextInt(readers.size()));
        Witness witness = client.witness.awaitUpdates(small - client.before);
        open.remove(client);
        switch (random.nextInt(client.halfClosed ? 4 : 5)) {
            case 0 -> {
                witness.reset();
                assertEnd(witness, Outcome.RESET_BY_PEER, CloseReason.PEER_RESET);
            }
            case 1 -> {
                end(Verb.ABORT, witness);
                assertThat(witness.readToEnd()).isEqualTo(Witness.End.RESET);
                assertEnd(witness, Outcome.ABORTED, CloseReason.ABORTED);
            }
            case 2 -> {
                end(Verb.CLOSE, witness);
                assertServed(witness, CloseReason.CLOSED);
            }
            case 3 -> {
                end(Verb.SHUTDOWN, witness);
                assertServed(witness, CloseReason.SHUTDOWN);
            }
            default -> {
                witness.send("quit");
                assertServed(witness, CloseReason.QUIT);
            }
        }
    }

    private Optional<Long> idOf(Witness witness) {
        return server.connections().list().toCompletableFuture().join().stream()
                .filter(status -> status.peer().equals(witness.address()))
                .map(ConnectionStatus::id)
                .findAny();
    }

    private void end(Verb how, Witness witness) {
        // The manager hears of it a moment after it is served.
        Await.until(() -> idOf(witness).isPresent());
        long id = idOf(witness).orElseThrow();
        assertThat(server.connections()
                        .end(how, new Which.Id(id))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(1);
    }

    /** It was sent all, and FIN; over TLS close_notify before it. The ledger has just what it got. */
    private void assertServed(Witness witness, CloseReason reason) throws IOException {
        assertThat(witness.readToEnd()).isEqualTo(Witness.End.FIN);
        assertThat(witness.lastLine().contains("\"goodbye\"")).isEqualTo(reason != CloseReason.CLOSED);
        witness.close();
        LedgerEntry entry = assertEnd(witness, Outcome.COMPLETED, reason);
        assertThat(entry.ending().sent()).isEqualTo(new Sent(witness.bytes(), 0, witness.updates(), witness.lastSeq()));
    }

    private LedgerEntry assertEnd(Witness witness, Outcome outcome, CloseReason reason) {
        // A socket is let go after a moment.
        time.flowsAsUsualWhile(() -> Await.until(() -> !entries(witness).isEmpty()));
        assertThat(entries(witness)).singleElement().satisfies(entry -> {
            assertThat(entry.ending().outcome()).isEqualTo(outcome);
            assertThat(entry.ending().reason()).isEqualTo(reason);
        });
        return entries(witness).get(0);
    }

    private List<LedgerEntry> entries(Witness witness) {
        return server.connections().ended(1000).stream()
                .filter(entry -> entry.peer().equals(witness.address()))
                .toList();
    }

    private boolean hasCome(DrainPhase phase) {
        return server.drainStatus().phase().compareTo(phase) >= 0;
    }

    private void drain() throws Exception {
        List<Client> readers = open.stream().filter(client -> client.reads).toList();
        List<Client> stuck = open.stream().filter(client -> !client.reads).toList();
        if (!stuck.isEmpty()) {
            CompletableFuture<?> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < LARGE_CHANGES; i++) {
                last = server.publish(Change.put("large", "k" + i, LARGE)).toCompletableFuture();
            }
            last.join();
        }
        publish(20);
        long aborted = server.connections().totals().aborted();

        CompletableFuture<DrainReport> drained = server.drain("test").toCompletableFuture();

        time.flowsAsUsualWhile(() -> Await.until(() -> hasCome(DrainPhase.CONNECTIONS)));
        for (Client each : readers) {
            assertServed(each.witness, CloseReason.SHUTDOWN);
            assertThat(each.witness.updates()).isEqualTo(small - each.before);
        }
        if (!stuck.isEmpty()) {
            time.passes(server.drainStatus().left().minusMillis(100));
            assertThat(server.connections().totals().aborted()).isEqualTo(aborted);
        }
        DrainReport report = time.flowsAsUsualWhile(() -> drained.join());
        assertThat(report.completed()).isEqualTo(readers.size());
        assertThat(report.aborted()).isEqualTo(stuck.size());
        for (Client each : stuck) {
            assertThat(each.witness.readToEnd()).isEqualTo(Witness.End.RESET);
            Sent sent = assertEnd(each.witness, Outcome.ABORTED, CloseReason.DEADLINE)
                    .ending()
                    .sent();
            assertThat(sent.bytesUnsent()).isPositive();
            assertThat(sent.bytes()).isGreaterThanOrEqualTo(each.witness.bytes());
            assertThat(sent.updates()).isGreaterThanOrEqualTo(each.witness.updates());
        }
    }
}
