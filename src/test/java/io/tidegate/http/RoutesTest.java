package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.stream.SystemMaterializer;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.Await;
import io.tidegate.access.Access;
import io.tidegate.connection.ConnectionLimits;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.Dialogue;
import io.tidegate.connection.Offer;
import io.tidegate.connection.Opening;
import io.tidegate.connection.Threads;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Hub;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.Transport;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import io.tidegate.listener.Admission;
import io.tidegate.listener.Listener;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.tls.TlsSettings;
import io.tidegate.wire.Chunks;
import io.tidegate.wire.Decoder;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener with routes of its own: bodies of requests, and a switch to another protocol. */
@Timeout(120)
class RoutesTest {

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseString(
                    "akka.loglevel = WARNING, akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off")
            .withFallback(ConfigFactory.load()));
    private static final int MAX_BODY = 2000;

    /** Gives back what it gets, until it is shut down. */
    private static final class Echo implements Dialogue<ByteString> {

        private final Decoder<ByteString, ByteString> decoder = new Chunks();
        private final Wakeup wakeup;
        private ByteString due = ByteString.emptyByteString();
        private boolean isOver;

        Echo(Wakeup wakeup) {
            this.wakeup = wakeup;
        }

        @Override
        public Decoder<ByteString, ByteString> decoder() {
            return decoder;
        }

        @Override
        public boolean wantsInput() {
            return true;
        }

        @Override
        public boolean take(ByteString input) {
            due = due.concat(input);
            return true;
        }

        @Override
        public void inputEnded() {
            isOver = true;
        }

        @Override
        public @Nullable EventLines poll() {
            wakeup.reset();
            EventLines lines = due.isEmpty() ? null : EventLines.withoutUpdates(due);
            due = ByteString.emptyByteString();
            return lines;
        }

        @Override
        public boolean isFinished() {
            return isOver && due.isEmpty();
        }

        @Override
        public void shutdown(Goodbye last) {
            isOver = true;
            wakeup.signal();
        }

        @Override
        public Transport transport() {
            return Transport.WEB_SOCKET;
        }

        @Override
        public void heartbeat() {}

        @Override
        public void close() {}
    }

    private static final Opening ECHO = (peer, wakeup, hasUnread) -> new Echo(wakeup);

    private static final CompletableFuture<Reply> HELD = new CompletableFuture<>();
    private static final Ledger LEDGER = new Ledger(100);

    @SuppressWarnings("NullAway.Init")
    private static ActorRef<ConnectionManager.Command> manager;

    @SuppressWarnings("NullAway.Init")
    private static Listener listener;

    @BeforeAll
    static void bind() {
        var limits = new HttpSettings(
                Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(5), 1024, 8192, MAX_BODY);
        Resource echo = Resource.get(call -> HELD)
                .on(Method.PUT, call -> call.request()
                        .body()
                        .whole()
                        .thenApply(body -> Reply.of(HttpResponse.ok().with("text/plain", body))))
                .on(Method.DELETE, call -> {
                    throw new IllegalStateException("a bug, as this test wants it");
                });
        Resource other = Resource.get(call -> CompletableFuture.completedStage(new Reply.Switching(
                HttpResponse.of(HttpResponseStatus.SWITCHING_PROTOCOLS).with("Upgrade", "echo"), ECHO)));
        Routes routes = call -> (call.target().segments().contains("switch") ? other : echo).answer(call);
        manager = KIT.spawn(ConnectionManager.create(new Hub(new Hub.Settings(16, 1 << 20), 0), LEDGER));
        listener = Listener.bind(
                        KIT.system(),
                        "test",
                        new ListenerSettings("127.0.0.1", 0, 100, true, false, TlsSettings.off(), false),
                        System::nanoTime)
                .toCompletableFuture()
                .join();
        listener.serve(
                new Threads(
                        SystemMaterializer.get(KIT.system()).materializer(),
                        KIT.system().executionContext()),
                Offer.plain(new HttpProtocol(
                        BrowserGuard.of("test", List.of("a"), null),
                        Callers.of(Access.OPEN),
                        routes,
                        limits,
                        () -> false,
                        System::nanoTime)),
                ConnectionLimits.of(256, 10, 1000, 1 << 16),
                Admission.create(100, "test.max-connections", LEDGER),
                manager);
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** A blocking socket. */
    private static final class Client implements AutoCloseable {
        private final Socket socket = new Socket();

        Client() throws IOException {
            socket.connect(listener.localAddress(), 10_000);
            socket.setSoTimeout(60_000);
        }

        Client send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        /** Reads until what was read ends with the text. */
        String await(String end) throws IOException {
            var read = new StringBuilder();
            while (!read.toString().endsWith(end)) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    throw new IOException("the stream ended after: " + read);
                }
                read.append((char) b);
            }
            return read.toString();
        }

        String rest() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String put(String headers) {
        return "PUT /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n";
    }

    @Test
    void aBodyIsReadWithALengthInChunksAndOnDemand() throws Exception {
        try (var client = new Client()) {
            client.send(put("Content-Length: 5") + "hello");
            assertThat(client.await("hello")).startsWith("HTTP/1.1 200 ");
            client.send(put("Transfer-Encoding: chunked") + "2\r\nhe\r\n").send("4\r\nllo!\r\n0\r\n\r\n");
            assertThat(client.await("hello!")).startsWith("HTTP/1.1 200 ");
            client.send(put("Content-Length: 5\r\nExpect: 100-continue"));
            assertThat(client.await("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("again").await("again")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aBodyThatIsTooLongOrCutOrDoesNotComeIsRefused() throws Exception {
        try (var client = new Client()) {
            client.send(put("Content-Length: 1000000") + "x".repeat(1_000_000));
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"code\":\"too-large\"", "Connection: close");
        }
        try (var client = new Client()) {
            client.send(put("Transfer-Encoding: chunked") + "fff\r\n" + "x".repeat(0xfff) + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
        }
        try (var client = new Client()) {
            client.send(put("Transfer-Encoding: chunked") + "3\r\nabcdef\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
        }
        try (var client = new Client()) {
            client.send(put("Content-Length: 5") + "he");
            client.socket.shutdownOutput();
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
        }
        try (var client = new Client()) {
            client.send(put("Content-Length: 5") + "he");
            assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("\"code\":\"timeout\"", "Connection: close");
        }
    }

    @Test
    void aBugIsA500AndTheConnectionLivesOn() throws Exception {
        try (var client = new Client()) {
            client.send("DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.await("}\n")).startsWith("HTTP/1.1 500 ").contains("\"code\":\"internal-error\"");
            assertThat(client.send(put("Content-Length: 2") + "ok").await("ok")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void afterTheSwitchTheOtherProtocolHasTheConnection() throws Exception {
        try (var client = new Client()) {
            client.send("GET /switch HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(client.await("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("upgrade: echo\r\n")
                    .containsIgnoringCase("connection: upgrade\r\n");
            for (int i = 0; i < 10; i++) {
                String words = "GET /" + i + " HTTP/1.1\r\n";
                assertThat(client.send(words).await("\n")).isEqualTo(words);
            }
            client.socket.shutdownOutput();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aDrainLetsABodyComeAndEndsTheOtherProtocol() throws Exception {
        try (var publisher = new Client();
                var waiting = new Client();
                var switched = new Client()) {
            publisher.send(put("Content-Length: 5\r\nExpect: 100-continue"));
            publisher.await("\r\n\r\n");
            waiting.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
            switched.send("GET /switch HTTP/1.1\r\nHost: a\r\n\r\n").await("\r\n\r\n");
            publisher.send("he");
            var reply = KIT.createTestProbe(Integer.class);

            manager.tell(new ConnectionManager.End(
                    new Which.Listener("test"), Verb.SHUTDOWN, Duration.ofSeconds(20), 1000, reply.ref()));
            assertThat(reply.receiveMessage()).isPositive();
            publisher.send("llo");
            HELD.complete(Reply.of(HttpResponse.ok().with("text/plain", ByteString.fromString("late"))));

            assertThat(publisher.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close")
                    .endsWith("hello");
            assertThat(waiting.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close")
                    .endsWith("late");
            assertThat(switched.rest()).isEmpty();
        }
        Await.until(() -> LEDGER.open() == 0);
        assertThat(LEDGER.totals().reasons()).containsKey(CloseReason.SHUTDOWN);
        assertThat(LEDGER.totals().aborted()).isZero();
    }
}
