package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.join;
import static io.tidegate.websocket.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.testkit.javadsl.TestKit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The codec on a socket: the JDK's client, and clients that the JDK's would not let be. */
class EchoServerTest {

    private static final int DEADLINE_MILLIS = 30_000;
    private static final MessageLimits LIMITS = new MessageLimits(1 << 20, 1 << 20);

    private static final String HANDSHAKE = head(
            """
            GET / HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """);

    private static final String SWITCHED = head(
            """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """);

    private static ActorSystem system;
    private static int port;

    private static String head(String lines) {
        return lines.replace("\n", "\r\n");
    }

    @BeforeAll
    static void start() {
        system = ActorSystem.create("echo-server");
        port = EchoServer.bind(system, 0, LIMITS)
                .toCompletableFuture()
                .join()
                .localAddress()
                .getPort();
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    /** What the JDK's client hears, each as one line of text. */
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                heard.add("text " + message);
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            heard.add("binary " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            heard.add("pong " + StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
        }
    }

    private static WebSocket open(Heard heard) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), heard)
                .join();
    }

    @Test
    void theJdksClientHearsWhatItSaid() throws Exception {
        var heard = new Heard();
        WebSocket client = open(heard);

        client.sendText("put orders o-17 {\"caf\u00e9\":5}", true).join();
        assertThat(heard.next()).isEqualTo("text put orders o-17 {\"caf\u00e9\":5}");
        client.sendText("in ", false).join();
        client.sendPing(ByteBuffer.wrap(utf8("between"))).join();
        client.sendText("two", true).join();
        assertThat(heard.next()).isEqualTo("pong between");
        assertThat(heard.next()).isEqualTo("text in two");
        client.sendBinary(ByteBuffer.allocate(100), true).join();
        assertThat(heard.next()).isEqualTo("binary 100");
        client.sendClose(4000, "enough").join();
        assertThat(heard.next()).isEqualTo("close 4000 ");
    }

    @Test
    void aMessageAtTheLimitComesBackAndOneOverItIs1009() throws Exception {
        var heard = new Heard();
        WebSocket client = open(heard);
        String most = "x".repeat(LIMITS.maxMessageBytes());

        client.sendText(most, true).join();
        assertThat(heard.next()).isEqualTo("text " + most);
        // The server may close before all of it was written.
        client.sendText(most + "x", true).exceptionally(failure -> client).join();

        assertThat(heard.next())
                .isEqualTo("close 1009 send messages of at most 1048576 bytes (tidegate.websocket.max-message-bytes)");
    }

    /** What comes back up to the server's FIN; a reset would be an exception. */
    private static byte[] exchange(byte[]... writes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            for (byte[] bytes : writes) {
                socket.getOutputStream().write(bytes);
            }
            return socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void framesThatComeWithTheHandshakeAreAnswered() throws IOException {
        byte[] all = join(utf8(HANDSHAKE), ClientFrames.text("Hello"), ClientFrames.close(1000));

        assertThat(exchange(all)).isEqualTo(join(utf8(SWITCHED), ClientFrames.hex("81 05 48656c6c6f 88 02 03e8")));
    }

    @Test
    void aHandshakeInPiecesIsOne() throws IOException {
        byte[] head = utf8(HANDSHAKE);
        byte[][] pieces = new byte[head.length + 1][];
        for (int i = 0; i < head.length; i++) {
            pieces[i] = new byte[] {head[i]};
        }
        pieces[head.length] = ClientFrames.close(1001);

        assertThat(exchange(pieces)).isEqualTo(join(utf8(SWITCHED), ClientFrames.hex("88 02 03e9")));
    }

    @Test
    void aViolationIsAnsweredByItsCodeAndFinHoweverMuchFollows() throws IOException {
        byte[] unmasked = ClientFrames.hex("81 05 48656c6c6f");

        byte[] answer = exchange(utf8(HANDSHAKE), unmasked, new byte[1 << 20]);

        assertThat(answer).isEqualTo(join(utf8(SWITCHED), ClientFrames.hex("88 12 03ea"), utf8("mask every frame")));
    }

    @Test
    void aCloseIsAnsweredByItsCodeAndFin() throws IOException {
        assertThat(exchange(utf8(HANDSHAKE), ClientFrames.close(1001, utf8("away"))))
                .isEqualTo(join(utf8(SWITCHED), ClientFrames.hex("88 02 03e9")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1 | POST / HTTP/1.1 | HTTP/1.1 405 Refused",
                "Upgrade: websocket | Upgrade: h2c | HTTP/1.1 400 Refused",
                "GET / HTTP/1.1 | GET | HTTP/1.1 400 Refused",
                "Version: 13 | Version: 8 | HTTP/1.1 426 Refused",
            })
    void aBadHandshakeIsRefused(String right, String wrong, String expected) throws IOException {
        byte[] answer = exchange(utf8(HANDSHAKE.replace(right, wrong)));

        assertThat(new String(answer, StandardCharsets.US_ASCII)).startsWith(expected);
    }
}
