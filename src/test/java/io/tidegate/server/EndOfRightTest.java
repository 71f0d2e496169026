package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.access.TestIdentities;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the right of a client ends, on each transport, and by whom. */
@Timeout(120)
class EndOfRightTest extends IdentityFixture {

    @Test
    void whoseIdentityEndsIsToldSoAndSaysGoodbye() throws Exception {
        expire("desk", Duration.ofSeconds(90));
        try (LineClient client = follower("desk", "follow")) {
            put("a", "x", "2");
            assertThat(client.line()).contains("\"seq\":3");
            time.passes(Duration.ofSeconds(31));
            await(client, "expiring");
            time.passes(Duration.ofSeconds(60));

            List<String> last = client.rest();
            assertThat(last).last().asString().contains("goodbye", "\"reason\":\"expired\"", "\"seq\":3,");
            assertThat(last).last().asString().endsWith(",\"comeBack\":\"with-credentials\"}");
            // Once is enough.
            assertThat(last).noneMatch(line -> line.contains("expiring"));
        }
        assertThat(reasonOfTheLast()).isEqualTo(CloseReason.EXPIRED);
    }

    @Test
    void aWebSocketIsClosedByThePolicy() throws Exception {
        expire("desk", Duration.ofSeconds(90));
        try (var socket = new WebSocketLines(server, "/v1/socket")) {
            socket.send(auth("desk"), "follow");
            while (!String.valueOf(socket.read()).contains("caughtup")) {
                // The documents.
            }
            identities.revoke("desk");
            time.passes(SWEEP);
            assertThat(socket.read()).contains("\"reason\":\"revoked\"");
            assertThat(socket.read()).isNull();
            assertThat(socket.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aStreamOfEventsIsNotToldThatItEndsSoonButSaysGoodbye() throws Exception {
        expire("desk", Duration.ofSeconds(90));
        try (var stream = new HttpSocket(server)) {
            stream.send("GET /v1/follow", "Authorization: Bearer " + TestIdentities.tokenOf("desk"));
            stream.await("caughtup");
            time.passes(Duration.ofSeconds(92));
            String rest = stream.rest();
            assertThat(rest).contains("\"reason\":\"expired\"").doesNotContain("expiring");
        }
    }

    @Test
    void aRevokedTokenEndsTheConnectionsOfItsOwnerAndNobodyElses() throws Exception {
        identities.with("other", TestIdentities.rights("a b", "", false));
        List<LineClient> mine = new ArrayList<>();
        List<LineClient> others = new ArrayList<>();
        for (int i : IntStream.range(0, 5).toArray()) {
            mine.add(follower("desk", i % 2 == 0 ? "follow" : "updates a"));
            others.add(follower("other", i % 2 == 0 ? "follow" : "updates b"));
        }
        LineClient idle = client().send(auth("desk"));
        assertThat(idle.line()).contains("authenticated");

        identities.revoke("desk");
        idle.send("put a x 9");
        assertThat(code(idle.line())).isEqualTo("unauthenticated");
        time.passes(SWEEP);

        mine.add(idle);
        for (LineClient client : mine) {
            assertThat(client.rest()).last().asString().contains("\"reason\":\"revoked\"", "with-credentials");
            client.close();
        }
        put("b", "y", "7");
        for (LineClient client : others) {
            assertThat(client.line()).contains("\"value\":7");
            client.close();
        }
    }

    @Test
    void narrowerRightsEndOnlyWhatTheyNoLongerCover() throws Exception {
        identities.with("desk", TestIdentities.rights("a b", "a b", false));
        try (LineClient everything = follower("desk", "follow");
                LineClient part = follower("desk", "follow a")) {
            identities.with("desk", TestIdentities.rights("a", "", false));
            time.passes(SWEEP);

            assertThat(everything.rest()).last().asString().contains("\"reason\":\"revoked\"");
            part.send("put a x 1", "sync b");
            assertThat(part.lines(2)).extracting(IdentityTest::code).containsExactly("forbidden", "forbidden");
        }
    }

    @Test
    void aSnapshotIsCutWhenTheRightToItEnds() throws Exception {
        for (int i = 0; i < 200; i++) {
            put("a", "big" + i, "\"" + "x".repeat(100_000) + "\"");
        }
        try (var client = new LineClient(server.tcpAddress(), 4096).send(auth("desk"), "sync")) {
            assertThat(await(client, "document")).contains("\"collection\":\"a\"");
            identities.revoke("desk");
            time.passes(SWEEP);

            List<String> rest = client.rest();
            assertThat(rest.size()).isLessThan(200);
            assertThat(rest).last().asString().contains("\"reason\":\"revoked\"");
        }
    }

    // ---- what operators see

    @Test
    void connectionsShowWhoTheyAreOfAndCanBeEndedByThat() throws Exception {
        try (LineClient one = follower("desk", "follow");
                LineClient two = client().send("ping")) {
            assertThat(two.line()).contains("pong");
            // The manager hears of each a moment after it is served.
            Await.until(() -> server.connections().open() == 2);
            assertThat(server.connections().list().toCompletableFuture().join())
                    .extracting(open -> open.identity())
                    .containsExactlyInAnyOrder("desk", "");

            assertThat(server.connections()
                            .end(Verb.SHUTDOWN, Which.parse("identity=desk"))
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(1);
            assertThat(one.rest()).last().asString().contains("goodbye");
        }
        Await.until(() -> server.connections().ended(5).stream()
                .anyMatch(entry -> entry.identity().equals("desk")));
    }
}
