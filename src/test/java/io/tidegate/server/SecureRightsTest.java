package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.reload.Reload;
import io.tidegate.server.SecureClients.Connected;
import io.tidegate.tls.TestCertificates.Issued;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and tokens of a server that change while its clients are connected over TLS. */
@Timeout(120)
class SecureRightsTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // started before each test
    private SecureClients clients;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        clients = new SecureClients(directory);
        String settings = clients.settings();
        clients.allow("reader", List.of("a"), List.of());
        clients.allow("narrowed", List.of("a", "b"), List.of());
        server = TestServer.start(directory, settings);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        server.force("test over");
        server.close();
    }

    private Connected connect(String version) throws IOException {
        Connected connected = SecureClients.connect(server.tcpAddress(), version);
        sockets.add(connected.socket());
        return connected;
    }

    private LineClient follower(Connected connected, String name) throws IOException {
        LineClient client = new LineClient(connected.socket()).send(clients.auth(name), "updates a");
        awaitLine(client, "caughtup");
        return client;
    }

    private static void awaitLine(LineClient client, String text) throws IOException {
        String line = client.line();
        while (!line.contains(text)) {
            line = client.line();
        }
    }

    private void put(String key) {
        var unused =
                server.publish(Change.put("a", key, "1")).toCompletableFuture().join();
    }

    private void reload() {
        assertThat(server.reload("test").toCompletableFuture().join())
                .noneMatch(outcome -> outcome.reload().result() == Reload.Result.REFUSED)
                .anyMatch(outcome -> outcome.reload().result() == Reload.Result.RELOADED);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aFollowerGoesOnWhenTheCertificateIsRenewedAndTheNextOneSeesTheNew(String version) throws Exception {
        LineClient follower = follower(connect(version), "reader");
        Issued next = clients.renewCertificate();

        reload();

        assertThat(connect(version).socket().getSession().getPeerCertificates()[0])
                .isEqualTo(next.certificate());
        put("k");
        assertThat(follower.line()).contains("\"put\"", "\"seq\":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoseTokenIsTakenBackIsEndedCleanlyAndNobodyElse(String version) throws Exception {
        Connected first = connect(version);
        LineClient revoked = follower(first, "reader");
        Connected second = connect(version);
        LineClient alsoRevoked = follower(second, "reader").halfClose();
        LineClient narrowed = follower(connect(version), "narrowed");
        LineClient desk = follower(connect(version), "desk");

        clients.revoke("reader");
        clients.allow("narrowed", List.of("a"), List.of());
        reload();

        for (LineClient each : List.of(revoked, alsoRevoked)) {
            assertThat(each.rest()).singleElement().asString().contains("\"goodbye\",\"reason\":\"revoked\"");
        }
        assertThat(first.end()).isEqualTo(SecureClients.CLEAN);
        assertThat(second.end()).isEqualTo(SecureClients.CLEAN);
        put("k");
        assertThat(narrowed.line()).contains("\"put\"");
        assertThat(desk.line()).contains("\"put\"");
        assertThat(new LineClient(connect(version).socket())
                        .send(clients.auth("reader"))
                        .line())
                .contains("unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoFollowsWhatItMayNoLongerReadIsEnded(String version) throws Exception {
        Connected connected = connect(version);
        LineClient narrowed = follower(connected, "narrowed");
        LineClient reader = follower(connect(version), "reader");

        clients.allow("narrowed", List.of("b"), List.of());
        reload();

        assertThat(narrowed.rest()).singleElement().asString().contains("\"goodbye\",\"reason\":\"revoked\"");
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        put("k");
        assertThat(reader.line()).contains("\"put\"");
    }
}
