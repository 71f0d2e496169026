package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.drain.DrainPhase;
import io.tidegate.rocksdb.RocksFeedLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The admin listener from before the store is opened to after the last client is gone. */
@Timeout(120)
class AdminDrainTest {

    @TempDir
    Path directory;

    private static Config drain(AdminClient admin) throws Exception {
        AdminClient.Answer answer = admin.get("/v1/drain");
        assertThat(answer.status()).isEqualTo(200);
        return ConfigFactory.parseString(answer.body());
    }

    private static Config await(AdminClient admin, Predicate<Config> condition) throws Exception {
        long start = System.nanoTime();
        Config status = drain(admin);
        while (!condition.test(status)) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds waited in vain")
                    .isLessThan(Await.PATIENCE.toNanos());
            status = drain(admin);
        }
        return status;
    }

    /** A follower that is owed more than the kernel takes, and reads nothing. */
    private static LineClient stuck(Tidegate server) throws Exception {
        var client = new LineClient(server.tcpAddress(), 4096);
        client.send("updates").lines(2);
        String value = "\"" + "x".repeat(500_000) + "\"";
        for (int i = 0; i < 20; i++) {
            server.publish(Change.put("orders", "a", value))
                    .toCompletableFuture()
                    .join();
        }
        return client;
    }

    @Test
    void whileStragglersDrainItTellsHowItGoesOnAndAtLastHowItWas() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.drain.timeout = 10 s");
                var client = stuck(server)) {
            AdminClient admin = AdminClient.of(server);
            CompletableFuture<AdminClient.Answer> report = admin.ask("GET", "/v1/drain/report");

            AdminClient.Answer begun = admin.post("/v1/drain");
            assertThat(begun.status()).isEqualTo(202);
            assertThat(ConfigFactory.parseString(begun.body()).getString("reason"))
                    .isEqualTo("admin");
            assertThat(client.socket().isConnected()).isTrue();
            Config straggling = await(admin, status -> status.getInt("stragglers") == 1);

            assertThat(straggling.getString("phase")).isEqualTo("connections");
            assertThat(straggling.getInt("open")).isEqualTo(1);
            assertThat(straggling.getLong("leftMillis")).isBetween(1L, 10_000L);
            assertThat(straggling.getString("line")).startsWith("drain 4/6: 1 open, 1 straggler, ");
            assertThat(admin.get("/livez").status()).isEqualTo(200);
            assertThat(admin.get("/readyz").status()).isEqualTo(503);
            assertThat(admin.get("/v1/connections").body()).contains("\"state\":\"DRAINING\"");
            MetricsText metrics = MetricsText.parse(admin.get("/metrics").body());
            assertThat(metrics.value("tidegate_state{state=\"draining\"}")).isEqualTo(1);
            assertThat(metrics.value("tidegate_drain_phase")).isEqualTo(4);
            assertThat(metrics.value("tidegate_drain_left_seconds")).isBetween(0.001, 10.0);
            AdminClient.Answer tooLate = admin.delete("/v1/drain");
            assertThat(tooLate.status()).isEqualTo(409);
            assertThat(tooLate.body()).contains("no longer announcing (phase 4/6, connections)");

            assertThat(report.join().status()).isEqualTo(200);
            assertThat(report.join().body()).contains("after admin: 0 connections completed, 1 aborted");
            server.whenTerminated().toCompletableFuture().join();
            assertFree(server.adminAddress());
        }
    }

    private static void assertFree(InetSocketAddress address) throws Exception {
        try (var socket = new ServerSocket()) {
            socket.bind(address);
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    void aStragglerCanBeAbortedSoThatTheDrainEnds() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.drain.timeout = 1 h");
                var client = stuck(server)) {
            AdminClient admin = AdminClient.of(server);
            admin.post("/v1/drain");
            await(admin, status -> status.getString("phase").equals("connections"));

            assertThat(admin.delete("/v1/connections?listener=tcp&how=abort").status())
                    .isEqualTo(200);

            assertThat(server.whenTerminated().toCompletableFuture().join().aborted())
                    .isEqualTo(1);
            assertThat(client.socket().isClosed()).isFalse();
        }
    }

    @Test
    void readinessFailsWithTheAnnouncementAndComesBackWhenItIsCancelled() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.drain.announce = 1 h")) {
            AdminClient admin = AdminClient.of(server);

            server.beginDrain("maintenance");
            AdminClient.Answer unready = admin.get("/readyz");
            assertThat(unready.status()).isEqualTo(503);
            assertThat(unready.body()).contains("drain 1/6", "after maintenance", "\"code\":\"draining\"");
            assertThat(admin.get("/livez").status()).isEqualTo(200);
            assertThat(drain(admin).getBoolean("cancellable")).isTrue();

            AdminClient.Answer cancelled = admin.delete("/v1/drain");
            assertThat(cancelled.status()).isEqualTo(200);
            assertThat(ConfigFactory.parseString(cancelled.body()).getString("phase"))
                    .isEqualTo("running");
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
            assertThat(admin.delete("/v1/drain").body()).contains("the server is not draining");
            server.force("test");
        }
    }

    @Test
    void whoAsksForAnAnnouncementCanCancelItAndASignalDoesNotWaitForIt() throws Exception {
        try (var server = TestServer.start(directory)) {
            AdminClient admin = AdminClient.of(server);
            assertThat(admin.post("/v1/drain?announceMillis=3600001").status()).isEqualTo(400);
            assertThat(admin.post("/v1/drain?announceMillis=soon").status()).isEqualTo(400);

            assertThat(admin.post("/v1/drain?announceMillis=3600000").status()).isEqualTo(202);
            Config announced = drain(admin);
            assertThat(announced.getString("phase")).isEqualTo("announcing");
            assertThat(announced.getLong("announceMillis")).isBetween(3_500_000L, 3_600_000L);
            assertThat(announced.getLong("leftMillis")).isGreaterThan(announced.getLong("announceMillis"));
            assertThat(announced.getBoolean("cancellable")).isTrue();
            assertThat(admin.delete("/v1/drain").status()).isEqualTo(200);
            assertThat(drain(admin).getLong("announceMillis")).isZero();

            admin.post("/v1/drain?announceMillis=3600000");
            server.beginDrain("SIGTERM");
            assertThat(server.whenTerminated().toCompletableFuture().join().reason())
                    .as("the first one's reason stands")
                    .isEqualTo("admin");
        }
    }

    @Test
    void untilTheStoreIsOpenTheServerIsLiveButNotReady() throws Exception {
        Config config = ServerConfig.complete(TestServer.config(directory));
        ServerSettings settings = ServerSettings.from(config);
        var log = (Logger) LoggerFactory.getLogger(Listeners.class);
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        log.addAppender(logged);
        log.setLevel(Level.INFO);
        var opening = new CountDownLatch(1);
        var mayOpen = new CountDownLatch(1);
        CompletableFuture<Tidegate> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return Startup.start(config, settings, store -> {
                    opening.countDown();
                    awaitUninterruptibly(mayOpen);
                    return RocksFeedLog.open(store);
                });
            } catch (StartException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(opening.await(60, TimeUnit.SECONDS)).isTrue();
        log.setLevel(null);
        log.detachAppender(logged);
        String listening = logged.list.get(logged.list.size() - 1).getFormattedMessage();
        assertThat(listening).matches("Listening on 127.0.0.1:\\d+ \\(admin\\)");
        int port = Integer.parseInt(listening.replaceAll(".*:(\\d+) .*", "$1"));
        var admin = new AdminClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

        assertThat(admin.get("/livez").status()).isEqualTo(200);
        assertThat(admin.get("/readyz").status()).isEqualTo(503);
        assertThat(admin.get("/readyz").body()).contains("the store is being opened", "\"code\":\"starting\"");
        assertThat(admin.post("/v1/drain").status()).isEqualTo(503);
        assertThat(MetricsText.parse(admin.get("/metrics").body()).types()).containsKey("jvm_threads_current");
        mayOpen.countDown();
        try (Tidegate server = starting.get(60, TimeUnit.SECONDS)) {
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
            assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneAdminConnectionTooManyIsToldSoAndClientsAreServedAllTheSame() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.admin.max-connections = 1")) {
            AdminClient admin = AdminClient.of(server);
            assertThat(admin.get("/livez").status()).isEqualTo(200);

            assertThat(admin.raw("GET /livez HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("too-many-connections", "tidegate.admin.max-connections");
            try (var client = TestServer.client(server)) {
                assertThat(client.send("ping").line()).contains("pong");
            }
        }
    }

    @Test
    void keptAliveAdminConnectionsEndByFin() throws Exception {
        var server = TestServer.start(directory);
        try (var socket = AdminClient.of(server).open()) {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");

            CompletableFuture<Void> ended = CompletableFuture.runAsync(server::close);

            // Up to the end of the stream; a reset would be an exception.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("live\n");
            socket.shutdownOutput();
            ended.join();
        }
    }
}
