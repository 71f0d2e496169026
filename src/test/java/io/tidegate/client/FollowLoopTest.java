package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows comes back to a server that cannot serve now, and is not ended by whoever listens. */
@Timeout(120)
class FollowLoopTest {

    private static TidegateClient to(FakeServer server) {
        return TidegateClient.connect(URI.create("tcp://127.0.0.1:" + server.port()));
    }

    private static String error(String code) {
        return "{\"event\":\"error\",\"code\":\"" + code + "\",\"message\":\"it is " + code + "\"}";
    }

    private static String at(String event, long seq) {
        return "{\"event\":\"" + event + "\",\"epoch\":\"e1\",\"seq\":" + seq + "}";
    }

    private static String put(long seq, String key) {
        return "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"orders\",\"key\":\"" + key + "\",\"value\":1}";
    }

    @Test
    void aServerThatCannotServeNowIsComeBackTo() throws Exception {
        try (var server = FakeServer.with(
                client -> {
                    client.expect("follow");
                    client.say(error("too-many-snapshots"));
                    client.awaitGone();
                },
                client -> {
                    client.expect("follow");
                    client.say(at("synced", 7), at("subscribed", 7), at("caughtup", 7), error("store-failed"));
                    client.awaitGone();
                },
                client -> {
                    client.expect("follow after e1:7");
                    client.say(at("subscribed", 7), put(8, "a"), at("caughtup", 8));
                    client.expect("quit");
                })) {
            try (TidegateClient client = to(server);
                    LiveMap map = client.live(Selection.ALL)) {
                map.whenReady().toCompletableFuture().get(60, TimeUnit.SECONDS);
                Await.until(() -> map.documents().size() == 1);
                assertThat(map.whenEnded().toCompletableFuture()).isNotDone();
            }
        }
    }

    /** Has what was flushed, and nothing of what was not when the connection was lost. */
    private static final class Pieces implements FollowLoop.Receiver<Exception> {
        final ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();
        private final List<String> taken = new ArrayList<>();

        @Override
        public void take(EventLine event, LineReader line) throws Exception {
            if (event.is("put")) {
                taken.add(event.text("key"));
            }
        }

        @Override
        public void flush(EventLine last, LineReader line) {
            shown.addAll(taken);
            taken.clear();
        }

        @Override
        public void lost(String reason, boolean inSnapshot) {
            shown.add("lost: " + reason);
            taken.clear();
        }
    }

    @Test
    void whatStandsBeforeAnErrorThatPassesIsTakenAndAGoodbyeIsHeededBehindIt() throws Exception {
        try (var server = FakeServer.with(
                client -> {
                    client.expect("follow after e1:6");
                    client.say(at("subscribed", 6), put(7, "a"), put(8, "b"), error("store-failed"));
                    client.awaitGone();
                },
                client -> {
                    client.expect("follow after e1:8");
                    client.say(error("draining"), goodbye());
                },
                client -> {
                    client.expect("follow after e1:8");
                    client.say(at("subscribed", 8), put(9, "c"));
                    client.expect("quit");
                })) {
            var pieces = new Pieces();
            List<Duration> pauses = new ArrayList<>();
            var reconnection = new Reconnection(
                    node -> LineClient.open("127.0.0.1", server.port()), pauses::add, new BackOff(new Random(1)));
            var loop = new FollowLoop<>(
                    reconnection, new ResumePoint(new Position("e1", 6)), new FollowRequest(true, false, ""), pieces);
            CompletableFuture<FollowLoop.End> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return loop.run(null);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until(() -> pieces.shown.contains("c"));
            loop.leave();

            assertThat(end.get(20, TimeUnit.SECONDS).why()).isEqualTo(FollowLoop.Why.LEFT);
            assertThat(pieces.shown)
                    .containsExactly("a", "b", "lost: it is store-failed", "lost: the server closed it", "c");
            assertThat(pauses.get(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(pauses.get(1)).isEqualTo(Duration.ofMillis(7));
        }
    }

    private static String goodbye() {
        return "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"e1\",\"seq\":8,\"reconnectAfterMs\":7}";
    }

    @Test
    void aTokenThatCannotBeLookedAtNowIsShownAgain() throws Exception {
        try (var server = FakeServer.with(
                client -> {
                    client.expect("auth t");
                    client.say(error("too-many-connections"));
                    client.awaitGone();
                },
                client -> {
                    client.expect("auth t");
                    client.say("{\"event\":\"authenticated\"}");
                    client.expect("follow");
                    client.say(at("synced", 7), at("subscribed", 7), at("caughtup", 7));
                    client.expect("quit");
                })) {
            URI uri = URI.create("tcp://127.0.0.1:" + server.port());
            try (TidegateClient client = TidegateClient.connect(uri, () -> new Credentials(null, "t"));
                    LiveMap map = client.live(Selection.ALL)) {
                map.whenReady().toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobodyElse() throws Exception {
        var told = new ConcurrentLinkedQueue<Throwable>();
        var failure = new IllegalStateException("mine");
        var handler = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
        try (var server = FakeServer.with(client -> {
            client.expect("follow");
            client.say(at("synced", 7), at("subscribed", 7), at("caughtup", 7), put(8, "a"), put(9, "b"));
            client.expect("quit");
        })) {
            try (TidegateClient client = to(server);
                    LiveMap map = client.live(Selection.ALL)) {
                var heard = new ConcurrentLinkedQueue<String>();
                map.onChange((name, value) -> {
                    throw failure;
                });
                map.onChange((name, value) -> heard.add(name.toString()));
                Await.until(() -> heard.size() == 2);
                assertThat(heard).containsExactly("orders/a", "orders/b");
                assertThat(told).contains(failure);
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
    }
}
