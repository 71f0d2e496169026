package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainReport;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.LedgerEntry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets of a running server: the JDK's client, and frames by hand. */
@Timeout(120)
class WebSocketTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(
                directory, "tidegate.websocket.max-message-bytes = 2 KiB", "tidegate.drain.timeout = 5 s");
    }

    private void restart(String liveness) throws Exception {
        server.close();
        server = TestServer.start(time, directory, "tidegate.websocket { " + liveness + " }");
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    /** What the JDK's client hears. */
    private static final class Ear implements WebSocket.Listener {

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                lines.addAll(List.of(message.toString().split("\n", -1)));
                message.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        /** The next line that is not empty. */
        String line() throws InterruptedException {
            String line;
            do {
                line = lines.poll(60, TimeUnit.SECONDS);
            } while (line != null && line.isEmpty());
            return String.valueOf(line);
        }
    }

    private WebSocket connect(Ear ear, String... headers) {
        var builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(
                        URI.create("ws://127.0.0.1:" + server.httpAddress().getPort() + "/v1/socket"), ear)
                .join();
    }

    private HttpSocket byHand() throws IOException {
        HttpSocket socket = new HttpSocket(server).send("GET /v1/socket", HttpSocket.HANDSHAKE);
        var head = socket.head();
        assertThat(head.status()).isEqualTo(101);
        assertThat(head.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(head.header("content-length")).isEmpty();
        return socket;
    }

    /** With a key of zeros, which leaves the payload as it is. */
    private static String frame(int first, String payload) {
        String header = payload.length() < 126
                ? "" + (char) (0x80 | payload.length())
                : "\u00fe" + (char) (payload.length() >> 8) + (char) (payload.length() & 0xff);
        return (char) first + header + "\0\0\0\0" + payload;
    }

    private static String text(String line) {
        return frame(0x81, line);
    }

    private static String close(int code) {
        return frame(0x88, "" + (char) (code >> 8) + (char) (code & 0xff));
    }

    private String ended(HttpSocket socket) throws Exception {
        return socket.restBytes();
    }

    private LedgerEntry entry() {
        Await.until(() -> !server.connections().ended(1).isEmpty());
        return server.connections().ended(1).get(0);
    }

    // ---- the line protocol

    @Test
    void theLineProtocolIsSpokenInMessages() throws Exception {
        var ear = new Ear();
        WebSocket socket = connect(ear);
        socket.sendText("put orders o-1 {\"qty\":5}\nput orders o-2 2\nfollow orders", true)
                .join();
        assertThat(ear.line()).startsWith("{\"event\":\"accepted\",\"seq\":1}");
        assertThat(ear.line()).startsWith("{\"event\":\"accepted\",\"seq\":2}");
        assertThat(ear.line()).contains("snapshot", "\"documents\":2}");
        assertThat(ear.line()).contains("document", "o-1");
        assertThat(ear.line()).contains("document", "o-2");
        assertThat(ear.line()).contains("synced");
        assertThat(ear.line()).contains("subscribed");
        assertThat(ear.line()).contains("caughtup", "\"seq\":2}");
        server.publish(Change.put("orders", "o-3", "3")).toCompletableFuture().join();
        assertThat(ear.line()).contains("\"put\"", "\"seq\":3", "o-3");
        socket.sendText("delete orders ", false).join();
        socket.sendText("o-1", true).join();
        assertThat(List.of(ear.line(), ear.line()))
                .anyMatch(line -> line.contains("accepted"))
                .anyMatch(line -> line.contains("\"delete\""));
        socket.sendText("put other o-1 @id=a-1 1\nput other o-1 @id=a-1 1", true)
                .join();
        assertThat(ear.line()).startsWith("{\"event\":\"accepted\",\"seq\":5}");
        assertThat(ear.line()).as("sent again").startsWith("{\"event\":\"accepted\",\"seq\":5}");
        socket.sendText("nonsense", true).join();
        assertThat(ear.line()).contains("unknown-request");

        socket.sendText("quit", true).join();
        assertThat(ear.line()).contains("goodbye", "quit");
        assertThat(ear.closed.get(60, TimeUnit.SECONDS)).isEqualTo("1000 ");
        assertThat(entry().ending().reason()).isEqualTo(CloseReason.QUIT);
        assertThat(entry().ending().sent().updates()).isEqualTo(2);
        assertThat(entry().ending().sent().lastSeq()).isEqualTo(4);
    }

    @Test
    void aDrainGivesTheBacklogAGoodbyeAnd1001() throws Exception {
        var ear = new Ear();
        connect(ear).sendText("updates", true).join();
        assertThat(ear.line()).contains("subscribed");
        assertThat(ear.line()).contains("caughtup");
        for (int i = 0; i < 1000; i++) {
            var unused = server.publish(Change.put("orders", "o-" + i, "1"));
        }
        DrainReport report = server.drain("test").toCompletableFuture().join();
        for (int i = 1; i <= 1000; i++) {
            assertThat(ear.line()).contains("\"seq\":" + i + ",");
        }
        assertThat(ear.line()).contains("goodbye", "shutdown", "\"seq\":1000,");
        assertThat(ear.closed.get(60, TimeUnit.SECONDS)).isEqualTo("1001 shutdown");
        assertThat(report.completed()).isEqualTo(1);
        assertThat(report.aborted()).isZero();
    }

    @Test
    void theServersCloseIsNotFollowedByFinBeforeTheClientHasAnswered() throws Exception {
        try (HttpSocket socket = byHand()) {
            var ended = server.drain("test").toCompletableFuture();
            String last = socket.untilClose();
            assertThat(last).contains("goodbye").endsWith("\u0003\u00e9shutdown");
            assertThat(ended).as("it waits").isNotDone();
            socket.sendRaw(text("ping") + close(1001));
            assertThat(socket.rest()).isEmpty();
            socket.halfClose();
            assertThat(ended.join().completed()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatDoesNotAnswerTheCloseAndHasTakenItIsLetGoInOrder() throws Exception {
        try (HttpSocket socket = byHand()) {
            var ended = server.drain("test").toCompletableFuture();
            socket.untilClose();
            assertThat(socket.rest()).as("a reset would throw").isEmpty();
            assertThat(ended.join().aborted()).isZero();
            assertThat(ended.join().completed()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatDoesNotAnswerTheCloseIsAbortedAtTheDeadline() throws Exception {
        server.close();
        server = TestServer.start(
                directory, "tidegate.drain.timeout = 5 s", "tidegate.connection.delivered-linger = 1 h");
        try (HttpSocket socket = byHand()) {
            var ended = server.drain("test").toCompletableFuture();
            socket.untilClose();
            assertThat(ended.join().aborted()).isEqualTo(1);
        }
    }

    // ---- RFC 6455

    @Test
    void theClientsCloseIsAnsweredWithItsCode() throws Exception {
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(text("put orders o-1 1") + close(4001) + text("put orders o-2 2"));
            assertThat(ended(socket)).contains("accepted").endsWith("\u0088\u0002\u000f\u00a1");
            socket.halfClose();
            assertThat(entry().ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
            assertThat(server.position().seq()).as("nothing after the close").isEqualTo(1);
        }
    }

    @Test
    void aFollowerThatClosesGetsNothingMore() throws Exception {
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(text("updates") + close(1000));
            assertThat(ended(socket)).contains("subscribed").endsWith("\u0088\u0002\u0003\u00e8");
        }
    }

    @Test
    void pingsAreAnsweredBetweenMessages() throws Exception {
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(frame(0x01, "pi") + frame(0x89, "there?") + frame(0x80, "ng") + close(1000));
            assertThat(ended(socket)).contains("\u008a\u0006there?", "pong");
        }
    }

    @Test
    void pingsThatComeTogetherAreAllAnswered() throws Exception {
        var pings = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            pings.append(frame(0x89, "" + i));
        }
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(pings + close(1000));
            assertThat(ended(socket)).containsSubsequence("\u008a\u00010", "\u008a\u00011", "\u008a\u00019", "\u0088");
        }
    }

    @Test
    void mistakesInFramesAreClosedWithTheirCode() throws Exception {
        requireClosed("\u0081\u0004ping", 1002);
        requireClosed(frame(0x82, "binary"), 1003);
        requireClosed(frame(0x81, "\u00c3("), 1007);
        requireClosed(frame(0x81, "x".repeat(3000)), 1009);
        requireClosed(frame(0xc1, "ping"), 1002);
        requireClosed(frame(0x88, "x"), 1002);
    }

    private void requireClosed(String frames, int code) throws Exception {
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(frames + text("ping"));
            String rest = ended(socket);
            assertThat(rest.charAt(0)).as("close frame for %d", code).isEqualTo('\u0088');
            ByteBuffer frame = ByteBuffer.wrap(rest.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(frame.getShort(2)).isEqualTo((short) code);
        }
    }

    @Test
    void aSilentClientIsPingedAndGivenUp() throws Exception {
        restart("ping-interval = 1 s, pong-timeout = 1 s");
        try (HttpSocket socket = byHand()) {
            time.flowsWhile(() -> {
                String rest = ended(socket);
                assertThat(rest).startsWith("\u0089\u0000").contains("\u0003\u00f0answer pings");
                socket.halfClose();
                assertThat(entry().ending().reason()).isEqualTo(CloseReason.SILENT);
            });
        }
    }

    @Test
    void aClientThatAnswersPingsStays() throws Exception {
        restart("ping-interval = 1 s, pong-timeout = 1 h");
        try (HttpSocket socket = byHand()) {
            time.flowsWhile(() -> {
                for (int i = 0; i < 3; i++) {
                    // There is no other ping before this one was answered.
                    assertThat(socket.bytes(2)).isEqualTo("\u0089\u0000");
                    socket.sendRaw(frame(0x8a, ""));
                }
            });
            socket.sendRaw(text("ping") + close(1000));
            assertThat(ended(socket)).contains("pong").endsWith("\u0088\u0002\u0003\u00e8");
        }
    }

    @Test
    void aClientThatGoesWithoutACloseIsNotWaitedFor() throws Exception {
        try (HttpSocket socket = byHand()) {
            socket.sendRaw(text("updates"));
            socket.halfClose();
            assertThat(ended(socket)).contains("subscribed");
            assertThat(entry().ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
        }
    }

    // ---- the handshake

    @Test
    void badHandshakesAreRefusedAndTheConnectionLivesOn() throws Exception {
        try (var socket = new HttpSocket(server)) {
            var bare = socket.send("GET /v1/socket").response();
            assertThat(bare.status()).isEqualTo(400);
            var version = socket.send(
                            "GET /v1/socket",
                            HttpSocket.HANDSHAKE[0],
                            HttpSocket.HANDSHAKE[1],
                            "Sec-WebSocket-Version: 8",
                            HttpSocket.HANDSHAKE[3])
                    .response();
            assertThat(version.status()).isEqualTo(426);
            assertThat(version.header("sec-websocket-version")).isEqualTo("13");
            assertThat(version.header("upgrade")).isEqualTo("websocket");
            assertThat(version.header("connection")).isEqualTo("Upgrade");
            for (String method : new String[] {"HEAD", "POST", "PUT", "DELETE"}) {
                socket.send(method + " /v1/socket", HttpSocket.HANDSHAKE);
                var refused = method.equals("HEAD") ? socket.head() : socket.response();
                assertThat(refused.status()).as(method).isEqualTo(405);
                assertThat(refused.header("allow")).as(method).isEqualTo("GET, OPTIONS");
            }
            assertThat(socket.send("GET /v1/documents").response().status()).isEqualTo(200);
        }
    }

    @Test
    void pagesOfOtherOriginsOpenNone() {
        assertThatThrownBy(() -> connect(new Ear(), "Origin", "https://evil.example"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(403));
    }
}
