package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.admin.ServerBean;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one identity may have and do at a server. */
@Timeout(120)
class IdentityLimitsTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final TestIdentities identities = new TestIdentities()
            .with("desk", TestIdentities.rights("*", "*", false))
            .with("other", TestIdentities.rights("*", "*", false));

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(
                time,
                new Access(identities, Attempts.UNCOUNTED, time.wallClock()),
                directory,
                "tidegate.access.limits { connections = 2, publishes = 2, publish-bytes = 1 KiB }");
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private static String auth(String name) {
        return "auth " + TestIdentities.tokenOf(name);
    }

    private static String bearer(String name) {
        return "Authorization: Bearer " + TestIdentities.tokenOf(name);
    }

    private LineClient client(String name) throws IOException {
        return TestServer.client(server).send(auth(name));
    }

    // ---- connections

    @Test
    void oneConnectionTooManyIsRefusedUntilAnotherHasEnded() throws Exception {
        try (LineClient second = client("desk");
                LineClient third = TestServer.client(server);
                LineClient others = client("other")) {
            LineClient first = client("desk");
            assertThat(first.line()).contains("authenticated");
            assertThat(second.line()).contains("authenticated");
            assertThat(third.send(auth("desk")).line())
                    .contains("too-many-connections", "tidegate.access.limits.connections");
            assertThat(third.send("put a x 1").line()).contains("unauthenticated");
            assertThat(others.line()).contains("authenticated");

            assertThat(first.send("quit").rest()).last().asString().contains("goodbye");
            first.close();
            time.passes(Duration.ofSeconds(1));
            Await.until(() -> server.connections().open() == 3);
            assertThat(third.send(auth("desk")).line()).contains("authenticated");
            assertThat(metric("connections")).isEqualTo("1.0");
        }
    }

    @Test
    void whoShowsTheSameIdentityAgainKeepsItsPlaceAndWhoShowsAnotherGivesItBack() throws Exception {
        try (LineClient first = client("desk");
                LineClient second = client("desk");
                LineClient third = TestServer.client(server)) {
            assertThat(first.line() + second.line()).contains("authenticated");
            assertThat(second.send(auth("desk")).line()).contains("authenticated");
            assertThat(second.send(auth("other")).line()).contains("authenticated");
            assertThat(third.send(auth("desk")).line()).contains("authenticated");
        }
    }

    @Test
    void aStreamIsAConnectionAndARequestIsNone() throws Exception {
        try (LineClient first = client("desk");
                LineClient second = client("desk")) {
            assertThat(first.line() + second.line()).contains("authenticated");
            try (var client = new HttpSocket(server)) {
                assertThat(client.send("GET /v1/documents", bearer("desk"))
                                .response()
                                .status())
                        .isEqualTo(200);
                HttpSocket.Response refused =
                        client.send("GET /v1/follow", bearer("desk")).response();
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.body()).contains("too-many-connections");
            }
        }
    }

    @Test
    void ofStreamsThatBeginTogetherThereAreAsManyAsThereMayBe() throws Exception {
        String after = "GET /v1/updates?after=" + server.position().epoch() + ":" + (server.updates() + 1);
        try (var first = new HttpSocket(server);
                var second = new HttpSocket(server);
                var third = new HttpSocket(server);
                LineClient others = client("other")) {
            List<HttpSocket> streams = List.of(first, second, third);
            for (HttpSocket each : streams) {
                each.send(after, bearer("desk"), "Accept: application/x-ndjson");
            }
            Await.until(() -> server.connections().open() == 4);
            others.send("put b y 1", "put b y 2");
            assertThat(others.lines(3)).last().asString().contains("accepted");

            int refused = 0;
            for (HttpSocket each : streams) {
                assertThat(each.head().status()).isEqualTo(200);
                String line = String.valueOf(each.readLine());
                if (line.contains("too-many-connections")) {
                    refused++;
                    assertThat(each.readLine()).as("nothing follows").isNull();
                } else {
                    assertThat(line).contains("subscribed");
                }
            }
            assertThat(refused).isEqualTo(1);
        }
    }

    // ---- changes

    @Test
    void whoPublishesMoreIsHeldBackAndLosesNeitherChangesNorOrder() throws Exception {
        try (LineClient client = client("desk");
                LineClient others = client("other")) {
            client.send("put a x 1", "put a x 2", "put a x 3", "put a x 4", "put a x 5", "ping");
            assertThat(client.lines(3)).last().asString().contains("accepted", "\"seq\":2");
            assertThat(others.send("put b y 1").lines(2)).last().asString().contains("accepted");

            time.passes(Duration.ofMillis(900));
            assertThat(client.lines(1)).last().asString().contains("accepted", "\"seq\":4");
            time.flowsAsUsualWhile(() -> assertThat(client.lines(3).get(2)).contains("pong"));
            assertThat(metric("publishes")).isNotEqualTo("0.0");
        }
    }

    @Test
    void requestsWaitAsWell() throws Exception {
        try (LineClient client = client("desk");
                var put = new HttpSocket(server);
                var bulk = new HttpSocket(server)) {
            client.send("put a x 1", "put a x 2");
            assertThat(client.lines(3)).last().asString().contains("accepted");
            put.send("PUT /v1/documents/a/y", bearer("desk"), "Content-Type: application/json", "Content-Length: 1")
                    .sendRaw("1");
            String lines = "{\"collection\":\"a\",\"key\":\"z\",\"value\":1}\n".repeat(3);
            bulk.send(
                            "POST /v1/updates",
                            bearer("desk"),
                            "Content-Type: application/x-ndjson",
                            "Content-Length: " + lines.length())
                    .sendRaw(lines);
            Await.until(() -> metric("publishes").equals("2.0"));
            assertThat(server.updates()).isEqualTo(2);

            time.flowsAsUsualWhile(() -> {
                assertThat(put.response().status()).isEqualTo(201);
                assertThat(bulk.response().body()).contains("\"accepted\":3");
            });
        }
    }

    @Test
    void whoseRightEndsWhileItWaitsPutsNothing() throws Exception {
        try (LineClient client = client("desk");
                var put = new HttpSocket(server)) {
            client.send("put a x 1", "put a x 2");
            assertThat(client.lines(3)).last().asString().contains("accepted");
            put.send("PUT /v1/documents/a/y", bearer("desk"), "Content-Type: application/json", "Content-Length: 1")
                    .sendRaw("1");
            Await.until(() -> metric("publishes").equals("1.0"));

            identities.revoke("desk");
            time.flowsAsUsualWhile(() -> assertThat(put.response().status()).isEqualTo(401));
            assertThat(server.updates()).isEqualTo(2);
        }
    }

    @Test
    void whoIsHeldBackIsAnsweredWhenTheServerStops() throws Exception {
        try (LineClient client = client("desk");
                var put = new HttpSocket(server)) {
            // For half a minute nothing more may be published.
            client.send("put a x \"" + "x".repeat(30_000) + "\"", "put a x 1", "ping");
            assertThat(client.lines(2)).last().asString().contains("accepted");
            put.send("PUT /v1/documents/a/y", bearer("desk"), "Content-Type: application/json", "Content-Length: 1")
                    .sendRaw("1");
            Await.until(() -> metric("publishes").equals("2.0"));

            new ServerBean(server).shutdown();
            time.flowsAsUsualWhile(() -> {
                assertThat(put.response().status()).isEqualTo(503);
                assertThat(client.lines(3))
                        .satisfiesExactly(
                                refused -> assertThat(refused).contains("draining"),
                                pong -> assertThat(pong).contains("pong"),
                                goodbye -> assertThat(goodbye).contains("goodbye"));
            });
        }
    }

    private String metric(String limit) {
        return MetricsText.shown(server, "tidegate_identity_limits_total{limit=\"" + limit + "\"}");
    }
}
