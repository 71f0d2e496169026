package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots at once of one identity over HTTP, where one that its client does not take is under way. */
@Timeout(120)
class SnapshotLimitTest {

    private static final String BEARER = "Authorization: Bearer " + TestIdentities.tokenOf("desk");
    private static final String OTHERS = "Authorization: Bearer " + TestIdentities.tokenOf("other");
    private static final int SMALL_BUFFER_BYTES = 4096;

    /** More than the kernel keeps for a client that does not read. */
    private static final int DOCUMENTS = 24;

    private static final String DOCUMENT = "\"" + "x".repeat(1_000_000) + "\"";

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        TestIdentities identities = new TestIdentities()
                .with("desk", TestIdentities.rights("*", "*", false))
                .with("other", TestIdentities.rights("*", "*", false));
        server = TestServer.start(
                time,
                new Access(identities, Attempts.UNCOUNTED, time.wallClock()),
                directory,
                "tidegate.access.limits.snapshots = 1");
        try (LineClient publisher = TestServer.client(server).send("auth " + TestIdentities.tokenOf("desk"))) {
            publisher.line();
            for (int i = 0; i < DOCUMENTS; i++) {
                assertThat(publisher.send("put big " + i + " " + DOCUMENT).line())
                        .contains("accepted");
            }
        }
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private HttpSocket.Response ask(String path, String... headers) throws IOException {
        try (var client = new HttpSocket(server)) {
            return client.send("GET " + path, headers).response();
        }
    }

    private void assertRefused(String path) throws IOException {
        HttpSocket.Response refused = ask(path, BEARER);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("2");
        assertThat(refused.body()).contains("\"code\":\"too-many-snapshots\"", "tidegate.access.limits.snapshots");
    }

    @Test
    void oneTooManyIsRefusedInWhateverWayItIsAskedFor() throws Exception {
        try (var slow = new HttpSocket(server, SMALL_BUFFER_BYTES)) {
            assertThat(slow.send("GET /v1/documents", BEARER).head().status()).isEqualTo(200);

            assertRefused("/v1/documents?select=none-such");
            assertRefused("/v1/follow");
            assertRefused("/v1/follow?select=none&watch=big");
            assertThat(ask("/v1/follow", BEARER, "Accept: text/event-stream").body())
                    .contains("retry: 10000", "too-many-snapshots");
            try (var socket = new WebSocketLines(server, "/v1/socket", BEARER)) {
                assertThat(socket.send("sync big").read()).contains("too-many-snapshots");
            }
            assertThat(ask("/v1/documents?select=none-such", OTHERS).status()).isEqualTo(200);
            assertThat(ask("/v1/documents/none/such", BEARER).status()).isEqualTo(404);
            assertThat(refusals()).isEqualTo("5.0");
        }
    }

    @Test
    void theEndOfItsConnectionIsTheEndOfASnapshot() throws Exception {
        try (var slow = new HttpSocket(server, SMALL_BUFFER_BYTES)) {
            assertThat(slow.send("GET /v1/documents", BEARER).head().status()).isEqualTo(200);
            assertRefused("/v1/documents");
        }

        time.flowsAsUsualWhile(() -> Await.until(() -> server.connections().open() == 0));
        assertThat(ask("/v1/documents?select=none-such", BEARER).status()).isEqualTo(200);
        assertThat(ask("/v1/documents?select=none-such", BEARER).status()).isEqualTo(200);
    }

    @Test
    void aSnapshotThatWasReadIsNoneAnyMoreThoughItsConnectionGoesOn() throws Exception {
        try (var client = new HttpSocket(server)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send("GET /v1/documents?select=none-such", BEARER)
                                .response()
                                .status())
                        .isEqualTo(200);
                assertThat(client.send("HEAD /v1/documents", BEARER).head().status())
                        .isEqualTo(200);
            }
            assertThat(ask("/v1/documents?select=none-such", BEARER).status()).isEqualTo(200);
        }
    }

    private String refusals() {
        return MetricsText.shown(server, "tidegate_identity_limits_total{limit=\"snapshots\"}");
    }
}
