package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.ledger.CloseReason;
import io.tidegate.server.SecureClients.Connected;
import io.tidegate.tls.TestCertificates;
import io.tidegate.tls.TestCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have to show a certificate, and are who it says. */
@Timeout(120)
class ClientCertificateTest {

    private static final String PUBLISHER = "spiffe://acme/publisher/7";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static Tidegate server;

    private final List<Connected> sockets = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Path authority = Files.writeString(directory.resolve("authority.crt"), SecureClients.AUTHORITY.pem());
        server = TestServer.start(
                directory,
                new SecureClients(directory).settings(),
                "tidegate.tls { client-auth = require, client-ca = \"" + authority + "\" }",
                "tidegate.access.certificates = [{ match = \"spiffe://acme/publisher/*\","
                        + " read = [\"inbox/${name}/*\"], write = [\"orders\"] }]");
    }

    @AfterAll
    static void stop() {
        server.force("test over");
        server.close();
    }

    @AfterEach
    void leave() throws IOException {
        for (Connected each : sockets) {
            each.socket().close();
        }
    }

    private LineClient client(String version, @Nullable Issued shown) throws IOException {
        Connected connected = SecureClients.connect(server.tcpAddress(), version, SecureClients.context(shown), 0);
        sockets.add(connected);
        return new LineClient(connected.socket());
    }

    /** By TLS 1.3 a client is ready before the server has looked at what it showed, and is told at its first read. */
    private void assertRefused(String version, @Nullable Issued shown) {
        long before = refused();
        assertThatThrownBy(() -> client(version, shown).send("ping").line())
                .isInstanceOfAny(SSLException.class, java.net.SocketException.class);
        Await.until(() -> refused() == before + 1);
    }

    private static long refused() {
        return server.connections().ended(1000).stream()
                .filter(entry -> entry.ending().reason() == CloseReason.TLS_FAILED)
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoShowsAGoodOneMayDoWhatItsNameMay(String version) throws Exception {
        LineClient client = client(
                version, SecureClients.AUTHORITY.client("CN=any").uri(PUBLISHER).issue());

        client.send("put orders k 1", "put inbox 7/k 1", "sync inbox/7/*", "sync inbox/8/*");

        assertThat(client.line()).contains("accepted");
        assertThat(client.line()).contains("forbidden");
        assertThat(client.line()).contains("\"synced\"");
        assertThat(client.line()).contains("forbidden");
        // The manager hears of it a moment after it is served.
        Await.until(() -> server.connections().open() == 1);
        assertThat(server.connections().list().toCompletableFuture().join())
                .anyMatch(status -> status.identity().equals("mtls:" + PUBLISHER));
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoShowsOneThatIsNobodysMayDoNothing(String version) throws Exception {
        LineClient client =
                client(version, SecureClients.AUTHORITY.client("CN=any").issue());

        assertThat(client.send("put orders k 1").line()).contains("unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoShowsNoneIsRefused(String version) {
        assertRefused(version, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoShowsAnExpiredOneIsRefused(String version) {
        assertRefused(
                version,
                SecureClients.AUTHORITY
                        .client("CN=any")
                        .uri(PUBLISHER)
                        .until(Instant.now().minus(Duration.ofHours(1)))
                        .issue());
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoShowsOneOfAnotherAuthorityIsRefused(String version) {
        assertRefused(
                version,
                TestCertificates.authority("authority")
                        .client("CN=any")
                        .uri(PUBLISHER)
                        .issue());
    }
}
