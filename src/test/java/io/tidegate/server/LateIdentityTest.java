package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.access.TestIdentities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of whom it takes a while to find out who they are: nothing of them is lost meanwhile. */
@Timeout(60)
class LateIdentityTest extends IdentityFixture {

    private static final String DESK = "Authorization: Bearer " + TestIdentities.tokenOf("desk");

    private final CompletableFuture<Void> known = new CompletableFuture<>();

    private void isAskedFor() {
        Await.until(() -> known.getNumberOfDependents() > 0);
    }

    private static String head(String request, String type, int length, String... more) {
        return request + " HTTP/1.1\r\nHost: localhost\r\n" + DESK + "\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n" + String.join("", more) + "\r\n";
    }

    @Test
    void aBodyThatCameWithItsHeadIsPut() throws Exception {
        identities.delay(known);
        try (var client = new HttpSocket(server)) {
            client.sendRaw(head("PUT /v1/documents/a/z", "application/json", 5) + "12345");
            isAskedFor();
            identities.delay(null);
            known.complete(null);

            assertThat(client.response().status()).isEqualTo(201);
            assertThat(client.send("GET /v1/documents/a/z", DESK).response().body())
                    .isEqualTo("12345\n");
        }
    }

    @Test
    void allLinesThatCameAreAccepted() throws Exception {
        String lines = "{\"collection\":\"a\",\"key\":\"k\",\"value\":1}\n".repeat(5000);
        identities.delay(known);
        try (var client = new HttpSocket(server)) {
            var sending = CompletableFuture.runAsync(() -> {
                try {
                    client.sendRaw(head("POST /v1/updates", "application/x-ndjson", lines.length()) + lines);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            isAskedFor();
            known.complete(null);

            assertThat(client.response().body()).contains("\"accepted\":5000");
            sending.join();
        }
    }

    @Test
    void whoWaitsToBeToldThatItsBodyIsWantedIsToldSo() throws Exception {
        identities.delay(known);
        try (var client = new HttpSocket(server)) {
            client.sendRaw(head("PUT /v1/documents/a/z", "application/json", 1, "Expect: 100-continue\r\n"));
            isAskedFor();
            known.complete(null);

            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.sendRaw("1").response().status()).isEqualTo(201);
        }
    }

    @Test
    void whoLeavesMeanwhilePutsNothing() throws Exception {
        identities.delay(known);
        long before = server.updates();
        try (var client = new HttpSocket(server)) {
            client.sendRaw(head("PUT /v1/documents/a/z", "application/json", 1) + "1");
            isAskedFor();
            client.reset();
        }
        Await.until(() -> server.connections().open() == 0);
        known.complete(null);
        put("a", "y", "2");

        assertThat(server.updates()).isEqualTo(before + 1);
    }
}
