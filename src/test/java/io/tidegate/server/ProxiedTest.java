package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients for whom a proxy connects. */
@Timeout(120)
class ProxiedTest {

    private static final String HEADER = "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(
                directory,
                "tidegate.proxy { trusted = [\"127.0.0.1\"], tcp-header = on, http-header = on, header-timeout = 1 s }");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String peers() throws Exception {
        return server.connections().list().toCompletableFuture().get(60, TimeUnit.SECONDS).stream()
                .map(each -> each.peer().toString())
                .toList()
                .toString();
    }

    @Test
    void areKnownByTheirOwnAddress() throws Exception {
        try (LineClient client = TestServer.client(server)) {
            client.sendRaw((HEADER + "ping\n").getBytes(StandardCharsets.UTF_8));

            assertThat(client.line()).contains("pong");
            // The manager hears of it a moment later.
            Await.until(() -> server.connections().open() == 1);
            assertThat(peers()).isEqualTo("[/203.0.113.7:56324]");
        }
    }

    @Test
    void speakHttpBehindTheHeader() throws Exception {
        try (LineClient client = new LineClient(server.httpAddress())) {
            client.sendRaw((HEADER + "GET /v1/documents HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));

            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aProxyThatSendsNoHeaderIsTold() throws Exception {
        try (LineClient client = TestServer.client(server)) {
            client.send("ping");

            assertThat(client.rest()).singleElement().asString().contains("wrong-protocol", "PROXY protocol");
        }
    }

    /** A look whether the port answers has nothing to say. */
    @Test
    void aConnectionWithoutAWordIsGivenUp() throws Exception {
        try (LineClient client = TestServer.client(server)) {
            assertThat(client.rest()).isEmpty();
        }
    }
}
