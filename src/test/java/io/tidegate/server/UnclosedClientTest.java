package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainReport;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.kernel.KernelView;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that have got everything and neither read on nor close their side, as a connection in a pool. */
@Timeout(60)
class UnclosedClientTest {

    private static final int CLOSE_WAIT = 8;

    private static final String OPEN_WEB_SOCKET = String.join(
            "\r\n",
            "GET /v1/socket HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            "");

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final List<SocketChannel> clients = new ArrayList<>();
    private @Nullable Tidegate server;

    @BeforeEach
    void requireKernel() {
        assumeTrue(KernelSocket.isSupported(), "this system does not tell what clients have");
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            TestServer.end(time, server);
        }
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private Tidegate start(String... settings) throws StartException {
        var started = TestServer.start(directory, settings);
        server = started;
        return started;
    }

    /** Says something, and reads until the answer has a text. */
    private SocketChannel client(InetSocketAddress address, String request, String answer) throws IOException {
        SocketChannel client = SocketChannel.open(address);
        clients.add(client);
        client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        var read = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (read.indexOf(answer) < 0) {
            assertThat(client.read(buffer.clear())).isPositive();
            read.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return client;
    }

    private SocketChannel httpClient(Tidegate started, String accept, String path, String answer) throws IOException {
        return client(
                started.httpAddress(),
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n",
                answer);
    }

    private static int state(SocketChannel client) {
        KernelView view = new KernelSocket(client).look();
        return view == null ? 0 : view.state();
    }

    @Test
    void aDrainEndsThemAllWithoutAReset() throws Exception {
        Tidegate started = start("tidegate.drain.timeout = 40 s");
        httpClient(started, "*/*", "/v1/documents/none/none", "not-found");
        httpClient(started, "*/*", "/v1/documents/none/none", "not-found");
        httpClient(started, "text/event-stream", "/v1/follow", "subscribed");
        httpClient(started, "application/x-ndjson", "/v1/follow", "subscribed");
        client(started.httpAddress(), OPEN_WEB_SOCKET, "\r\n\r\n");
        client(started.tcpAddress(), "follow\n", "subscribed");
        client(started.tcpAddress(), "ping\n", "pong");
        client(started.tcpAddress(), "", "");
        client(started.httpAddress(), "", "");

        DrainReport report = started.drain("test").toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertThat(report.completed()).isEqualTo(clients.size());
        assertThat(report.aborted()).isZero();
        assertThat(clients).allSatisfy(client -> assertThat(state(client)).isEqualTo(CLOSE_WAIT));
    }

    @Test
    void anIdleConnectionIsGoneSoonAfterItsFin() throws Exception {
        Tidegate started = TestServer.start(
                time, directory, "tidegate.http.idle-timeout = 1 h", "tidegate.connection.linger-timeout = 1 h");
        server = started;
        SocketChannel idle = httpClient(started, "*/*", "/v1/documents/none/none", "not-found");

        time.passes(Duration.ofHours(1));

        var ledger = started.connections();
        time.flowsWhile(() -> Await.until(() -> !ledger.ended(1).isEmpty()));

        assertThat(ledger.ended(1).get(0).ending()).satisfies(ending -> {
            assertThat(ending.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(ending.reason()).isEqualTo(CloseReason.IDLE);
        });
        assertThat(state(idle)).isEqualTo(CLOSE_WAIT);
    }

    @Test
    void aClientThatHasNotGotEverythingIsWaitedFor() throws Exception {
        Tidegate started = start("tidegate.drain.timeout = 4 s", "tidegate.connection.delivered-linger = 100 ms");
        SocketChannel follower = client(started.tcpAddress(), "follow\n", "subscribed");
        String value = "\"" + "x".repeat(900_000) + "\"";
        for (int i = 0; i < 20; i++) {
            started.publish(Change.put("large", "k" + i, value))
                    .toCompletableFuture()
                    .join();
        }

        DrainReport report = started.drain("test").toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertThat(report.aborted()).isEqualTo(1);
        assertThat(state(follower)).isNotEqualTo(CLOSE_WAIT);
    }
}
