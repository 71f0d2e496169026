package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who a client of the line protocol is, from its first line to the end of its right. */
@Timeout(120)
class IdentityTest {

    private static final Duration SWEEP = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final TestIdentities identities = new TestIdentities();

    /** Where something failed; from the second on nobody may try. */
    private final List<InetAddress> failures = new CopyOnWriteArrayList<>();

    private int mostFailures = 1000;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        var attempts = new Attempts() {
            @Override
            public boolean mayTry(InetAddress address) {
                return failures.size() < mostFailures;
            }

            @Override
            public void failed(InetAddress address) {
                failures.add(address);
            }
        };
        server = TestServer.start(time, new Access(identities, attempts, time.wallClock()), directory);
        put("a", "x", "1");
        put("b", "y", "1");
        identities.with("desk", TestIdentities.rights("a", "a", false));
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private void put(String collection, String key, String value) {
        var unused = server.publish(Change.put(collection, key, value))
                .toCompletableFuture()
                .join();
    }

    private LineClient client() throws IOException {
        return TestServer.client(server);
    }

    private static String auth(String name) {
        return "auth " + TestIdentities.tokenOf(name);
    }

    private LineClient follower(String name, String request) throws IOException {
        LineClient client = client().send(auth(name), request);
        await(client, "caughtup");
        return client;
    }

    private static String await(LineClient client, String text) throws IOException {
        String line = client.line();
        while (!line.contains(text)) {
            line = client.line();
        }
        return line;
    }

    private static String code(String line) {
        return line.replaceAll("\\{\"event\":\"error\",\"code\":\"([a-z-]*)\".*", "$1");
    }

    private void expire(String name, Duration in) {
        identities.with(
                name,
                TestIdentities.rights("a", "a", false),
                time.wallClock().instant().plus(in));
    }

    private CloseReason reasonOfTheLast() {
        Await.until(() -> !server.connections().ended(1).isEmpty());
        return server.connections().ended(1).get(0).ending().reason();
    }

    // ---- auth

    @Test
    void whoShowsATokenIsToldWhatItMay() throws Exception {
        identities.with("all", TestIdentities.rights("*", "", true));
        expire("short", Duration.ofHours(1));
        try (LineClient client = client().send(auth("desk"), auth("all"), auth("short"))) {
            assertThat(client.line())
                    .isEqualTo("{\"event\":\"authenticated\",\"identity\":\"desk\",\"read\":[\"a\"],\"write\":[\"a\"],"
                            + "\"admin\":false}");
            assertThat(client.line())
                    .isEqualTo("{\"event\":\"authenticated\",\"identity\":\"all\",\"read\":[\"*\"],\"write\":[],"
                            + "\"admin\":true}");
            assertThat(client.line()).endsWith("\"admin\":false,\"expiresInMs\":3600000}");
        }
    }

    @Test
    void whoHasShownNothingMayDoAlmostNothing() throws Exception {
        try (LineClient client = client().send(
                        "ping",
                        "help",
                        "sync",
                        "follow a",
                        "put a k 1",
                        "watch a",
                        "unwatch a",
                        "nonsense",
                        "auth",
                        "quit")) {
            assertThat(client.line()).contains("pong");
            assertThat(client.line()).contains("\"auth <token>\"");
            for (int i = 0; i < 5; i++) {
                assertThat(code(client.line())).isEqualTo("unauthenticated");
            }
            assertThat(code(client.line())).isEqualTo("unknown-request");
            assertThat(code(client.line())).isEqualTo("bad-request");
            assertThat(client.line()).contains("goodbye", "\"reason\":\"quit\"");
        }
    }

    @Test
    void whatComesBeforeAuthHasTheOldRightsAndWhatComesBehindItTheNew() throws Exception {
        identities.with("other", TestIdentities.rights("b", "b", false));
        var later = new CompletableFuture<Void>();
        identities.delay(later);
        try (LineClient client = client().send(
                        "put a k 1",
                        auth("desk"),
                        "put a k 1",
                        "put b k 1",
                        "sync",
                        auth("other"),
                        "put a k 2",
                        "put b k 2",
                        "sync")) {
            assertThat(code(client.line())).isEqualTo("unauthenticated");
            later.complete(null);
            assertThat(client.line()).contains("authenticated", "desk");
            assertThat(client.line()).contains("accepted");
            assertThat(code(client.line())).isEqualTo("forbidden");
            assertThat(await(client, "synced")).contains("\"documents\":2");
            assertThat(client.line()).contains("authenticated", "other");
            assertThat(code(client.line())).isEqualTo("forbidden");
            assertThat(client.line()).contains("accepted");
            assertThat(client.lines(3))
                    .filteredOn(line -> line.contains("\"collection\":\"a\""))
                    .isEmpty();
        }
    }

    @Test
    void aTokenThatIsLookedUpWhenTheClientHasClosedItsSideIsStillAnswered() throws Exception {
        var later = new CompletableFuture<Void>();
        identities.delay(later);
        try (LineClient client = client().send("ping", auth("desk"), "sync").halfClose()) {
            assertThat(client.line()).contains("pong");
            later.complete(null);
            assertThat(client.rest()).hasSize(4).first().asString().contains("authenticated");
        }
    }

    @Test
    void theThirdTokenInVainIsTheLast() throws Exception {
        try (LineClient client = client().send(auth("x"), auth("desk"), auth("x"), auth("y"), auth("z"), "ping")) {
            assertThat(client.rest())
                    .extracting(IdentityTest::code)
                    .containsExactly(
                            "unauthenticated",
                            "{\"event\":\"authenticated\",\"identity\":\"desk\",\"read\":[\"a\"],\"write\":[\"a\"],"
                                    + "\"admin\":false}",
                            "unauthenticated",
                            "unauthenticated",
                            "unauthenticated");
        }
        assertThat(reasonOfTheLast()).isEqualTo(CloseReason.UNAUTHENTICATED);
        assertThat(failures).hasSize(4);
    }

    @Test
    void nothingIsLookedAtFromWhereTooMuchHasFailed() throws Exception {
        mostFailures = 1;
        try (LineClient client = client().send(auth("x"), auth("desk"), "ping")) {
            assertThat(client.rest())
                    .extracting(IdentityTest::code)
                    .containsExactly("unauthenticated", "too-many-failures");
        }
    }

    @Test
    void whoShowsNothingInTimeIsSentAway() throws Exception {
        try (LineClient client = client().send("ping");
                LineClient known = client().send(auth("desk"), "ping")) {
            assertThat(client.line()).contains("pong");
            assertThat(known.lines(2)).last().asString().contains("pong");

            time.passes(Duration.ofSeconds(4));
            client.send("ping");
            assertThat(client.line()).contains("pong");
            time.passes(Duration.ofSeconds(2));

            assertThat(client.rest()).extracting(IdentityTest::code).containsExactly("unauthenticated");
            known.send("ping");
            assertThat(known.line()).contains("pong");
        }
    }

    @Test
    void linesAreShortUntilItIsKnownWhoSendsThem() throws Exception {
        String value = "\"" + "x".repeat(2_000) + "\"";
        try (LineClient client = client().send("put a k " + value, auth("desk"), "put a k " + value)) {
            assertThat(client.line()).contains("line-too-long", "1024");
            assertThat(client.lines(2)).last().asString().contains("accepted");
        }
        try (var socket = new WebSocketLines(server, "/v1/socket")) {
            socket.send(auth("desk")).send("put a k " + value);
            assertThat(socket.read()).contains("authenticated");
            assertThat(socket.read()).contains("accepted");
        }
        try (var socket = new WebSocketLines(server, "/v1/socket")) {
            socket.send("put a k " + value);
            assertThat(socket.read()).isNull();
            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void whatMayNotBeReadHasTheSameAnswerWhetherThereIsSuchAThingOrNot() throws Exception {
        try (LineClient client = client().send(
                        auth("desk"),
                        "sync b",
                        "sync none-such",
                        "sync b/y",
                        "sync b/n",
                        "put b y 1",
                        "put b n 1",
                        "delete b y",
                        "delete b n",
                        "sync a b",
                        "follow b",
                        "updates after old:1 b")) {
            List<String> lines = client.lines(12);
            assertThat(lines.subList(1, 12))
                    .containsOnly(lines.get(1))
                    .first()
                    .asString()
                    .contains("forbidden");
        }
    }

    @Test
    void noTokenStandsInALog() throws Exception {
        var root = (Logger) LoggerFactory.getLogger("io.tidegate");
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        root.addAppender(seen);
        root.setLevel(Level.TRACE);
        try {
            try (LineClient client = client().send(auth("desk"), auth("x"), "auth  two words", "sync b", "quit")) {
                client.rest();
            }
            try (var http = new HttpSocket(server)) {
                http.send("GET /v1/documents?token=token-desk").response();
                http.send("GET /v1/documents", "Authorization: Bearer token-nobody")
                        .response();
            }
        } finally {
            root.setLevel(null);
            root.detachAppender(seen);
        }
        assertThat(seen.list).isNotEmpty();
        assertThat(seen.list).noneMatch(event -> event.getFormattedMessage().contains("token-"));
    }

    // ---- renewal

    @Test
    void whoRenewsItsIdentityGoesOnWithoutAGap() throws Exception {
        expire("desk", Duration.ofSeconds(90));
        try (LineClient client = follower("desk", "follow")) {
            time.passes(Duration.ofSeconds(31));
            assertThat(await(client, "expiring")).matches("\\{\"event\":\"expiring\",\"inMs\":(60000|5\\d{4})}");
            put("a", "x", "2");
            expire("desk", Duration.ofHours(1));
            client.send(auth("desk"));
            put("a", "x", "3");
            List<String> lines = new ArrayList<>();
            while (lines.size() < 3) {
                String line = client.line();
                if (!line.contains("heartbeat")) {
                    lines.add(line);
                }
            }
            assertThat(lines).filteredOn(line -> line.contains("authenticated")).hasSize(1);
            assertThat(lines).filteredOn(line -> line.contains("\"put\"")).hasSize(2);

            time.passes(Duration.ofMinutes(2));
            put("a", "x", "4");
            assertThat(await(client, "\"put\"")).contains("\"value\":4");
        }
    }

    @Test
    void whoShowsOtherRightsMayNotReadWhatItFollows() throws Exception {
        identities.with("narrow", TestIdentities.rights("a/x b", "", false));
        identities.with("wide", TestIdentities.rights("a b", "", false));
        try (LineClient client = follower("desk", "follow a")) {
            client.send(auth("narrow"), "put a x 5");
            assertThat(code(client.line())).isEqualTo("rights-changed");
            assertThat(client.lines(2)).anyMatch(line -> line.contains("accepted"));
            client.send(auth("wide"), "watch b", "put a x 6");
            assertThat(client.line()).contains("authenticated", "wide");
            assertThat(await(client, "watching")).contains("\"documents\":1");
            assertThat(code(client.line())).isEqualTo("forbidden");
        }
    }

    @Test
    void whoFollowsEverythingFollowsWhatItMayReadAndHasNothingToTakeBack() throws Exception {
        try (LineClient client = follower("desk", "follow")) {
            client.send("watch a", "watch a/x b", "unwatch a");
            assertThat(client.line()).contains("watching", "\"documents\":0");
            assertThat(code(client.line())).isEqualTo("forbidden");
            assertThat(code(client.line())).isEqualTo("bad-request");
            put("b", "y", "2");
            put("a", "x", "2");
            assertThat(client.line()).contains("\"collection\":\"a\"");
        }
    }

    // ---- the end of a right

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
