package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.document.Selection;
import java.net.URI;
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
