package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.access.TestIdentities;
import io.tidegate.ledger.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** How a client of the line protocol shows who it is, and what it may do then. */
@Timeout(120)
class IdentityTest extends IdentityFixture {

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
}
