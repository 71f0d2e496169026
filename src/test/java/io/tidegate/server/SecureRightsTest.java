package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.reload.Reload;
import io.tidegate.server.SecureClients.Connected;
import io.tidegate.tls.TestCertificates.Issued;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and tokens of a server that change while its clients are connected over TLS. */
@Timeout(120)
class SecureRightsTest extends SecureFixture {

    @Override
    Tidegate start(String secure) throws Exception {
        clients.allow("reader", List.of("a"), List.of());
        clients.allow("narrowed", List.of("a", "b"), List.of());
        return TestServer.start(directory, secure);
    }

    private LineClient follower(Connected connected, String name) throws IOException {
        LineClient client = new LineClient(connected.socket()).send(clients.auth(name), "updates a");
        awaitLine(client, "caughtup");
        return client;
    }

    private void reload() {
        assertThat(server.reload("test").toCompletableFuture().join())
                .noneMatch(outcome -> outcome.reload().result() == Reload.Result.REFUSED)
                .anyMatch(outcome -> outcome.reload().result() == Reload.Result.RELOADED);
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void aFollowerGoesOnWhenTheCertificateIsRenewedAndTheNextOneSeesTheNew(String version) throws Exception {
        LineClient follower = follower(tcp(version), "reader");
        Issued next = clients.renewCertificate();

        reload();

        assertThat(tcp(version).socket().getSession().getPeerCertificates()[0]).isEqualTo(next.certificate());
        put("k");
        assertThat(follower.line()).contains("\"put\"", "\"seq\":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoseTokenIsTakenBackIsEndedCleanlyAndNobodyElse(String version) throws Exception {
        Connected first = tcp(version);
        LineClient revoked = follower(first, "reader");
        Connected second = tcp(version);
        LineClient alsoRevoked = follower(second, "reader").halfClose();
        LineClient narrowed = follower(tcp(version), "narrowed");
        LineClient desk = follower(tcp(version), "desk");

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
        assertThat(new LineClient(tcp(version).socket())
                        .send(clients.auth("reader"))
                        .line())
                .contains("unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {SecureClients.TLS_12, SecureClients.TLS_13})
    void whoFollowsWhatItMayNoLongerReadIsEnded(String version) throws Exception {
        Connected connected = tcp(version);
        LineClient narrowed = follower(connected, "narrowed");
        LineClient reader = follower(tcp(version), "reader");

        clients.allow("narrowed", List.of("b"), List.of());
        reload();

        assertThat(narrowed.rest()).singleElement().asString().contains("\"goodbye\",\"reason\":\"revoked\"");
        assertThat(connected.end()).isEqualTo(SecureClients.CLEAN);
        put("k");
        assertThat(reader.line()).contains("\"put\"");
    }
}
