package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers that have enough and close their sockets, as browsers and programs do: that is no alarm. */
@Timeout(60)
class LeavingTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(time, directory);
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private LedgerEntry ended(InetSocketAddress peer) {
        time.flowsWhile(() -> Await.until(() -> server.connections().ended(10).stream()
                .anyMatch(entry -> entry.peer().equals(peer))));
        return server.connections().ended(1).get(0);
    }

    @Test
    void aFollowerOfLines() throws Exception {
        try (var client = new Witness(server, 0)) {
            client.send("follow").await("subscribed").leave();

            LedgerEntry entry = ended(client.address());

            assertThat(entry.ending().outcome()).isEqualTo(Outcome.LEFT);
            assertThat(entry.ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
            assertThat(server.connections().totals().resetByPeer()).isZero();
            assertThat(server.connections().totals().left()).isEqualTo(1);
        }
    }

    @Test
    void anEventSource() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/follow").head();
            client.await("subscribed");
            client.readLine();
            client.leave();

            LedgerEntry entry = ended(client.address());

            assertThat(entry.ending().outcome()).isEqualTo(Outcome.LEFT);
            assertThat(entry.ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
        }
    }

    @Test
    void aWebSocketThatIsNotEvenClosed() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/socket", HttpSocket.HANDSHAKE).head();
            client.leave();

            LedgerEntry entry = ended(client.address());

            assertThat(entry.ending().outcome()).isNotEqualTo(Outcome.RESET_BY_PEER);
            assertThat(entry.ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
        }
    }

    @Test
    void whoResetsIsStillCountedAsSuch() throws Exception {
        try (var client = new Witness(server, 0)) {
            client.send("follow").await("subscribed").reset();

            assertThat(ended(client.address()).ending().outcome()).isEqualTo(Outcome.RESET_BY_PEER);
        }
    }
}
