package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is meant for servers of other protocols, at the port of the line protocol: a browser sends it wherever a page says. */
@Timeout(60)
class StrangerTest {

    private static final String BODY = "\r\nput evil k1 {\"by\":\"browser\"}\n";

    @TempDir
    Path directory;

    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, "tidegate.connection.max-line-bytes = 256");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void assertHungUp(LineClient client) throws Exception {
        assertThat(client.rest()).singleElement().asString().contains("\"code\":\"wrong-protocol\"");
        assertThat(server.position().seq()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: 127.0.0.1:8989\r\nContent-Type: text/plain\r\n",
                "\u0016\u0003\u0001\u0002\n",
                "PROXY TCP4 192.0.2.1 127.0.0.1 56324 8989\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "Host: 127.0.0.1:8989\r\n",
                "sync /x HTTP/1.1\r\n",
            })
    void theFirstLineEndsItAndNothingIsDone(String head) throws Exception {
        try (var client = TestServer.client(server)) {
            client.sendRaw((head + BODY).getBytes(StandardCharsets.ISO_8859_1));

            assertHungUp(client);
        }
    }

    @Test
    void aRequestLineMayComeInPieces() throws Exception {
        try (var client = TestServer.client(server)) {
            client.socket().setTcpNoDelay(true);
            for (String piece : List.of("PO", "ST / HT", "TP/1.", "1\r", "\nHost: a\r\n", BODY)) {
                client.sendRaw(piece.getBytes(StandardCharsets.ISO_8859_1));
            }

            assertHungUp(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /", "follow /", "BREW /"})
    void aRequestLineThatIsTooLongEndsItToo(String beginning) throws Exception {
        try (var client = TestServer.client(server)) {
            client.sendRaw(
                    (beginning + "a".repeat(1000) + " HTTP/1.1\r\n" + BODY).getBytes(StandardCharsets.ISO_8859_1));

            assertHungUp(client);
        }
    }

    @Test
    void aBinaryGreetingWithoutAnEndOfLineIsNotWaitedFor() throws Exception {
        try (var client = TestServer.client(server)) {
            client.sendRaw(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1});

            assertHungUp(client);
        }
    }

    @Test
    void aClientThatIsKnownIsAnsweredBeforeHttpEndsIt() throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("put a k 1", "POST / HTTP/1.1", "put evil k 1");

            assertThat(client.rest())
                    .satisfiesExactly(line -> assertThat(line).contains("accepted"), line -> assertThat(line)
                            .contains("wrong-protocol"));
            assertThat(server.position().seq()).isEqualTo(1);
        }
    }

    @Test
    void aMistypedFirstWordIsForgivenNineTimes() throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("", "PING", "hlep", "help me", "", "?", "x", "y", "z").send("ping");

            assertThat(client.lines(10)).last().asString().contains("pong");
        }
        try (var client = TestServer.client(server)) {
            client.send("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "put evil k 1");

            assertThat(client.rest()).hasSize(10).last().asString().contains("wrong-protocol");
            assertThat(server.position().seq()).isZero();
        }
    }

    @Test
    void theLedgerSaysThatItWasRefused() throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("GET / HTTP/1.1");
            assertHungUp(client);
        }

        LedgerEntry entry = ended();
        assertThat(entry.ending().outcome()).isEqualTo(Ending.Outcome.COMPLETED);
        assertThat(entry.ending().reason()).isEqualTo(CloseReason.REFUSED);
    }

    private LedgerEntry ended() {
        Await.until(() -> !server.connections().ended(1).isEmpty());
        return server.connections().ended(1).get(0);
    }
}
