package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.Await;
import io.tidegate.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting to a server that is known by a name. */
@Timeout(30)
class LineClientTest {

    private static InetAddress address(int... octets) throws UnknownHostException {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void allAddressesOfANameAreTried() throws Exception {
        InetAddress[] addresses = {address(127, 0, 0, 2), address(127, 0, 0, 1)};
        try (var server = FakeServer.with(peer -> peer.expect("ping"));
                Socket client = LineClient.connected(addresses, server.port())) {
            client.getOutputStream().write("ping\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whereNobodyListensTheFirstFailureIsTold() throws Exception {
        InetAddress[] addresses = {address(127, 0, 0, 2), address(127, 0, 0, 1)};
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> LineClient.connected(addresses, port))
                .satisfies(e -> assertThat(e.getMessage()).contains("refused"));
    }

    @Test
    void aTokenIsShownBeforeAnythingElse() throws Exception {
        try (var server = FakeServer.with(peer -> {
                    peer.expect("auth tg_secret");
                    peer.say("{\"event\":\"authenticated\",\"identity\":\"desk\"}");
                    peer.expect("ping");
                });
                LineClient client = LineClient.open("127.0.0.1", server.port(), new Credentials(null, "tg_secret"))) {
            client.send("ping");
        }
    }

    @Test
    void aTokenThatIsNotTakenIsToldAsTheServerDoes() throws Exception {
        try (var server = FakeServer.with(peer -> {
            peer.expect("auth tg_secret");
            peer.say("{\"event\":\"error\",\"code\":\"unauthenticated\",\"message\":\"get another\"}");
        })) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> LineClient.open("127.0.0.1", server.port(), new Credentials(null, "tg_secret")))
                    .withMessage("get another");
        }
    }

    @Test
    void whoeverIsInTheMiddleOfSendingOverTlsIsCut() throws Exception {
        TestCertificates ca = TestCertificates.authority("Root");
        SSLContext own = ca.context(ca.server("localhost").issue());
        try (ServerSocket listener =
                own.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> {
                try {
                    SSLSocket socket = (SSLSocket) listener.accept();
                    socket.startHandshake();
                    return socket;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            LineClient client =
                    LineClient.open("localhost", listener.getLocalPort(), new Credentials(ca.context(null), ""));
            try (Socket silent = accepted.get(20, TimeUnit.SECONDS)) {
                var written = new AtomicLong();
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    try {
                        while (true) {
                            client.requests().write(new byte[1 << 16]);
                            written.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // It was cut.
                    }
                });
                // The buffers of both kernels are full when nothing more is taken for a while.
                var before = new AtomicLong(-1);
                var looks = new AtomicLong();
                Await.until(() -> {
                    long now = written.get();
                    looks.set(now > 0 && now == before.getAndSet(now) ? looks.get() + 1 : 0);
                    return looks.get() > 200;
                });

                client.cut();

                sending.get(20, TimeUnit.SECONDS);
                assertThat(silent.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aTokenIsInNoText() {
        assertThat(new Credentials(null, "tg_secret")).hasToString("in plain, with a token");
    }
}
