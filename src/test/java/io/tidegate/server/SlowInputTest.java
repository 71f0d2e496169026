package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are begun and never ended. */
@Timeout(60)
class SlowInputTest {

    private static final String PING = "\u0089\u0080abcd";
    private static final String PONG = "\u008a\u0000";

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(time, directory, "tidegate.connection.line-timeout = 1 s");
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    @Test
    void aLineThatStandsStillIsNotWaitedForAndWhatCameBeforeItIsAnswered() throws Exception {
        try (var client = TestServer.client(server)) {
            time.flowsWhile(() -> {
                client.send("put a k 1").sendRaw("put a k ".getBytes(StandardCharsets.UTF_8));

                assertThat(client.rest())
                        .satisfiesExactly(line -> assertThat(line).contains("accepted"), line -> assertThat(line)
                                .contains("\"code\":\"timeout\""));
                client.halfClose();
            });
        }
        LedgerEntry entry = ended();
        assertThat(entry.ending().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(entry.ending().reason()).isEqualTo(CloseReason.REFUSED);
    }

    private LedgerEntry ended() {
        time.flowsWhile(() -> Await.until(() -> !server.connections().ended(1).isEmpty()));
        return server.connections().ended(1).get(0);
    }

    @Test
    void aLineThatDripsIsNotWaitedFor() throws Exception {
        var dripping = Executors.newSingleThreadScheduledExecutor();
        try (var client = TestServer.client(server)) {
            time.flowsWhile(() -> {
                var unused = dripping.scheduleAtFixedRate(() -> drip(client), 0, 1, TimeUnit.MILLISECONDS);

                assertThat(client.rest()).singleElement().asString().contains("\"code\":\"timeout\"");
            });
        } finally {
            dripping.shutdownNow();
        }
    }

    private static void drip(LineClient client) {
        try {
            client.sendRaw(new byte[] {'x'});
        } catch (IOException e) {
            // The server has ended it, as it should.
        }
    }

    @Test
    void aClientThatHasBegunNothingMayBeSilent() throws Exception {
        try (var silent = TestServer.client(server);
                var slow = TestServer.client(server)) {
            time.flowsWhile(() -> {
                slow.sendRaw(new byte[] {'x'});
                assertThat(slow.rest()).singleElement().asString().contains("timeout");

                assertThat(silent.send("ping").line()).contains("pong");
            });
        }
    }

    @Test
    void aMessageThatIsNeverFinishedIsNotWaitedForThoughTheClientLives() throws Exception {
        try (var client = new HttpSocket(server)) {
            client.send("GET /v1/socket", HttpSocket.HANDSHAKE).head();
            // A fragment of a message, which is not its last one.
            client.sendRaw("\u0001\u0081\u0000\u0000\u0000\u0000p");

            assertThat(time.flowsWhile(() -> behindThePongs(client))).isNotEqualTo(PONG);
            assertThat(client.readLine()).contains("\"code\":\"timeout\"");
            assertThat(client.untilClose()).contains("\u0003\u00f0");
        }
    }

    /** What comes first that is no pong, however many of these come. */
    private static String behindThePongs(HttpSocket client) throws IOException {
        String answer = PONG;
        while (answer.equals(PONG)) {
            client.sendRaw(PING);
            answer = client.bytes(2);
        }
        return answer;
    }
}
