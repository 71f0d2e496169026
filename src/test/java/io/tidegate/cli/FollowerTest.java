package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.client.BackOff;
import io.tidegate.client.Credentials;
import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import io.tidegate.client.FollowRequest;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import io.tidegate.client.ResumePoint;
import io.tidegate.document.Position;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Following over connections that end: no gap, no duplicate, and the user is told what he has to know. */
@Timeout(120)
class FollowerTest {

    private static final String SYNCED = "{\"event\":\"synced\",\"epoch\":\"k7\",\"seq\":10,\"documents\":1}";
    private static final String SUBSCRIBED = "{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":10}";
    private static final String DOCUMENT = "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}";

    /** A follower never ends by itself: an error ends it. */
    private static final String THE_END = "{\"event\":\"error\",\"code\":\"x\",\"message\":\"the end\"}";

    private static final int MAX_PAUSES = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int quietMillis = 10_000;
    private FollowRequest request = new FollowRequest(false, false, " c");
    private final List<Duration> pauses = new ArrayList<>();

    /** What a command was ended with. */
    private final List<String> ends = new ArrayList<>();

    private static String put(long seq) {
        return "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"c\",\"key\":\"k\",\"value\":{\"seq\":-1}}";
    }

    private static String goodbye(long seq, long slotMillis) {
        return "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"k7\",\"seq\":" + seq
                + ",\"reconnectAfterMs\":" + slotMillis + "}";
    }

    private void follow(@Nullable Position after, boolean raw, Dialogue... dialogues) throws Exception {
        try (var server = FakeServer.with(dialogues)) {
            var reconnection = new Reconnection(
                    node -> node == null
                            ? LineClient.open("127.0.0.1", server.port())
                            : LineClient.open(node, Credentials.NONE),
                    this::pause,
                    new BackOff(new Random(1)));
            var view = new FollowView(raw, CommandRun.streams("", out, err));
            var follower = new Follower(reconnection, new ResumePoint(after), view, request);
            follower.run(LineClient.open("127.0.0.1", server.port(), quietMillis, Credentials.NONE));
        } catch (CommandEnd end) {
            ends.add(end.message().orElseThrow());
            assertThat(end.message().orElseThrow()).matches("refused: the end|the server said goodbye .*");
            assertThat(end.exitCode()).isEqualTo(1);
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        pauses.add(duration);
        if (pauses.size() > MAX_PAUSES) {
            throw new InterruptedException("the server's script is over");
        }
    }

    private List<String> shown() {
        return CommandRun.text(out).lines().toList();
    }

    private List<String> notices() {
        return CommandRun.text(err).lines().toList();
    }

    @Test
    void itResumesAfterTheLastWholeLineOfACutConnection() throws Exception {
        follow(
                null,
                false,
                peer -> {
                    peer.expect("follow c");
                    peer.say(DOCUMENT, SYNCED, SUBSCRIBED, put(11), put(12));
                    peer.sayUnfinished(put(13).substring(0, 30));
                },
                peer -> {
                    peer.expect("follow after k7:12 c");
                    peer.say("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":12}", put(13), put(14), THE_END);
                });

        assertThat(shown()).containsExactly(DOCUMENT, SYNCED, SUBSCRIBED, put(11), put(12), put(13), put(14));
        assertThat(notices())
                .containsExactly(
                        "tidegate: connection lost (the server closed it): reconnecting",
                        "tidegate: connected again, at k7:12");
    }

    @Test
    void itGoesOnAtANodeThatTheGoodbyeNamesWhereItWas() throws Exception {
        try (var other = FakeServer.with(peer -> {
            peer.expect("follow after k7:12 c");
            peer.say("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":12}", put(13), THE_END);
        })) {
            String away = "127.0.0.1:1";
            String node = "127.0.0.1:" + other.port();
            follow(null, false, peer -> {
                peer.expect("follow c");
                peer.say(SYNCED, SUBSCRIBED, put(12));
                peer.say(goodbye(12, 70).replace("}", ",\"nodes\":[\"" + away + "\",\"" + node + "\"]}"));
            });

            assertThat(shown()).containsExactly(SYNCED, SUBSCRIBED, put(12), put(13));
            assertThat(pauses).containsExactly(Duration.ofMillis(70));
            assertThat(notices())
                    .containsExactly(
                            "tidegate: the server said goodbye (shutdown): reconnecting to another node in 70 ms",
                            "tidegate: connected to " + node + ", at k7:12");
        }
    }

    @Test
    void itComesBackToTheSameSelectionAndToTheNewestOnly() throws Exception {
        request = new FollowRequest(true, true, " c/eu-* d");
        String caughtUp = "{\"event\":\"caughtup\",\"epoch\":\"k7\",\"seq\":14}";
        follow(
                null,
                false,
                peer -> {
                    peer.expect("updates latest c/eu-* d");
                    peer.say(SUBSCRIBED, put(12), caughtUp);
                },
                peer -> {
                    peer.expect("follow latest after k7:14 c/eu-* d");
                    peer.say("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":14}", put(20), THE_END);
                });

        assertThat(shown()).containsExactly(SUBSCRIBED, put(12), caughtUp, put(20));
    }

    @Test
    void aSnapshotThatHasOnlyBegunIsBegunAnew() throws Exception {
        String begun = "{\"event\":\"snapshot\",\"documents\":1}";
        follow(
                null,
                false,
                peer -> {
                    peer.expect("follow c");
                    peer.say(begun);
                },
                peer -> {
                    peer.expect("follow c");
                    peer.say(begun, DOCUMENT, SYNCED, SUBSCRIBED, THE_END);
                });

        assertThat(notices()).first().asString().contains("in the middle of the snapshot: starting anew");
        assertThat(shown()).endsWith(begun, DOCUMENT, SYNCED, SUBSCRIBED);
    }

    @Test
    void itResumesAfterAReset() throws Exception {
        follow(
                new Position("k7", 10),
                false,
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.reset();
                },
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.say(SUBSCRIBED, put(11), THE_END);
                });

        assertThat(shown()).containsExactly(SUBSCRIBED, put(11));
    }

    @Test
    void heartbeatsMoveItOnSoThatAFilteredFollowerDoesNotFallBehind() throws Exception {
        follow(
                new Position("k7", 10),
                false,
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.say(SUBSCRIBED, "{\"event\":\"heartbeat\",\"seq\":500}");
                },
                peer -> {
                    peer.expect("follow after k7:500 c");
                    peer.say(THE_END);
                });

        assertThat(shown()).containsExactly(SUBSCRIBED);
    }

    @Test
    void itComesBackInTheSlotOfTheGoodbye() throws Exception {
        follow(
                new Position("k7", 10),
                false,
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.say(SUBSCRIBED, put(11), goodbye(12, 4_321));
                },
                peer -> {
                    peer.expect("follow after k7:12 c");
                    peer.say(THE_END);
                });

        assertThat(pauses).containsExactly(Duration.ofMillis(4_321));
        assertThat(shown()).containsExactly(SUBSCRIBED, put(11));
        assertThat(notices()).containsExactly("tidegate: the server said goodbye (shutdown): reconnecting in 4321 ms");
    }

    @Test
    void whoIsToldToComeBackWithOtherCredentialsDoesNotComeBackAsItIs() throws Exception {
        for (String comeBack : List.of("with-credentials", "never", "in-some-later-way")) {
            String last = goodbye(12, 5).replace("}", ",\"comeBack\":\"" + comeBack + "\"}");
            ends.clear();
            follow(null, false, peer -> peer.say(SUBSCRIBED, put(11), last.replace("shutdown", "expired")));

            assertThat(ends)
                    .singleElement()
                    .asString()
                    .isEqualTo("the server said goodbye (expired), and not to come back as it is: show another token");
            assertThat(shown()).last().isEqualTo(put(11));
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void aGoodbyeFromAServerThatDidNotReadTheRequestSkipsNothing() throws Exception {
        follow(new Position("k7", 10), false, peer -> peer.say(goodbye(900, 5)), peer -> {
            peer.expect("follow after k7:10 c");
            peer.say(THE_END);
        });

        assertThat(pauses).containsExactly(Duration.ofMillis(5));
    }

    @Test
    void aGoodbyeWithoutASlotIsFollowedByTheBackOff() throws Exception {
        follow(null, false, peer -> peer.say(goodbye(0, 0)), peer -> peer.say(THE_END));

        assertThat(pauses).singleElement().satisfies(pause -> assertThat(pause).isPositive());
    }

    @Test
    void aSnapshotThatIsCutStartsAnewAndSaysSo() throws Exception {
        follow(
                null,
                false,
                peer -> {
                    peer.expect("follow c");
                    peer.say(DOCUMENT);
                },
                peer -> {
                    peer.expect("follow c");
                    peer.say(DOCUMENT, SYNCED, SUBSCRIBED, THE_END);
                });

        assertThat(shown())
                .containsExactly(
                        DOCUMENT,
                        "{\"event\":\"resync\",\"reason\":\"the connection was lost in the middle of the snapshot\"}",
                        DOCUMENT,
                        SYNCED,
                        SUBSCRIBED);
        assertThat(notices())
                .contains(
                        "tidegate: connection lost (the server closed it) in the middle of the snapshot: starting anew");
    }

    @Test
    void afterAResyncThePositionFromBeforeIsNotUsedAgain() throws Exception {
        String resync = "{\"event\":\"resync\",\"reason\":\"the log was trimmed\"}";
        follow(
                new Position("k6", 99),
                false,
                peer -> {
                    peer.expect("follow after k6:99 c");
                    peer.say(resync);
                },
                peer -> {
                    peer.expect("follow c");
                    peer.say(DOCUMENT, SYNCED);
                },
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.say(THE_END);
                });

        assertThat(shown()).containsExactly(resync, DOCUMENT, SYNCED);
    }

    @Test
    void rawShowsTheLinesOfTheWireAndNothingElse() throws Exception {
        String heartbeat = "{\"event\":\"heartbeat\",\"seq\":10}";
        follow(
                new Position("k7", 10),
                true,
                peer -> peer.say(SUBSCRIBED, heartbeat, put(11), goodbye(11, 1)),
                peer -> peer.say(SUBSCRIBED, DOCUMENT),
                peer -> peer.say(THE_END));

        assertThat(shown())
                .containsExactly(SUBSCRIBED, heartbeat, put(11), goodbye(11, 1), SUBSCRIBED, DOCUMENT, THE_END);
    }

    @Test
    void whateverIsHiddenBetweenLinesLeavesThemWhole() throws Exception {
        String heartbeat = "{\"event\":\"heartbeat\",\"seq\":10}";
        follow(
                null,
                false,
                peer -> peer.say(heartbeat, put(1), heartbeat, heartbeat, put(2), put(3), heartbeat, THE_END));

        assertThat(shown()).containsExactly(put(1), put(2), put(3));
    }

    @Test
    void withoutDocumentsItBeginsWithWhatIsNewAndResumesThere() throws Exception {
        request = new FollowRequest(true, false, " c");
        follow(
                null,
                false,
                peer -> peer.expect("updates c"),
                peer -> {
                    peer.expect("updates c");
                    peer.say(SUBSCRIBED, put(11));
                },
                peer -> {
                    peer.expect("follow after k7:11 c");
                    peer.say(THE_END);
                });

        assertThat(shown()).containsExactly(SUBSCRIBED, put(11));
    }

    @Test
    void whenItLeavesItSaysQuitAndTellsTheUserNothing() throws Exception {
        var subscribed = new CountDownLatch(1);
        Dialogue dialogue = peer -> {
            peer.expect("follow c");
            peer.say(SUBSCRIBED);
            subscribed.countDown();
            peer.expect("quit");
            peer.say(goodbye(10, 0).replace("shutdown", "quit"));
        };
        try (var server = FakeServer.with(dialogue)) {
            var reconnection = new Reconnection(
                    node -> LineClient.open("127.0.0.1", server.port()), this::pause, new BackOff(new Random(1)));
            var view = new FollowView(false, CommandRun.streams("", out, err));
            var follower = new Follower(reconnection, new ResumePoint(null), view, request);
            LineClient client = LineClient.open("127.0.0.1", server.port());
            var run = CompletableFuture.runAsync(() -> run(follower, client));
            subscribed.await();

            follower.leave();

            run.get(10, TimeUnit.SECONDS);
            assertThat(shown()).containsExactly(SUBSCRIBED);
            assertThat(notices()).isEmpty();
        }
    }

    private static void run(Follower follower, LineClient client) {
        try {
            follower.run(client);
        } catch (CommandEnd | InterruptedException e) {
            throw new AssertionError("it was only asked to leave", e);
        }
    }

    @Test
    void onAQuietFeedItNoticesThatNobodyReadsItsOutput() throws Exception {
        Dialogue dialogue = peer -> {
            peer.hear();
            peer.say(SUBSCRIBED, "{\"event\":\"heartbeat\",\"seq\":10}");
            peer.awaitGone();
        };
        try (var server = FakeServer.with(dialogue)) {
            var plain = CommandRun.streams("", out, err);
            var output = new Output(out, false, () -> true);
            var view = new FollowView(false, new Streams(plain.in(), out, plain.err(), false, output));
            var reconnection = new Reconnection(
                    node -> LineClient.open("127.0.0.1", server.port()), this::pause, new BackOff(new Random(1)));
            var follower = new Follower(reconnection, new ResumePoint(null), view, new FollowRequest(false, false, ""));

            assertThatExceptionOfType(CommandEnd.class)
                    .isThrownBy(() -> follower.run(LineClient.open("127.0.0.1", server.port())))
                    .satisfies(end -> assertThat(end.exitCode()).isZero());
        }
    }

    @Test
    void aServerThatFallsSilentIsAskedOnceAndThenGivenUp() throws Exception {
        quietMillis = 100;
        var pings = new ArrayList<String>();
        follow(
                null,
                false,
                peer -> {
                    peer.expect("follow c");
                    peer.say(SYNCED, SUBSCRIBED);
                    for (String line = peer.hear(); !line.equals("null"); line = peer.hear()) {
                        pings.add(line);
                    }
                },
                peer -> {
                    peer.expect("follow after k7:10 c");
                    peer.say(THE_END);
                });

        assertThat(pings).isNotEmpty().containsOnly("ping");
    }
}
