package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.connection.Follower;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.drain.DrainPhase;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server inside another program. */
@Timeout(120)
class EmbeddingTest {

    @TempDir
    Path directory;

    @Test
    void publishAnswersWithThePositionThatFollowersSee() throws Exception {
        try (var server = TestServer.start(directory);
                var follower = TestServer.client(server)) {
            follower.send("updates");
            follower.lines(2);

            Position position = server.publish(Change.put("orders", "o-1", "{\"qty\":1}"))
                    .toCompletableFuture()
                    .join();

            assertThat(position).isEqualTo(server.position());
            assertThat(follower.line()).contains("\"seq\":" + position.seq() + ",");
            follower.halfClose();
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static void publish(Tidegate server, String collection, String key) {
        server.publish(Change.put(collection, key, "1")).toCompletableFuture().join();
    }

    private static void requireNext(Follower follower, String... parts) throws InterruptedException {
        assertThat(next(follower, PATIENCE).orElse("nothing")).contains(parts);
    }

    /** The next event but for those that only say how far it is. */
    private static Optional<String> next(Follower follower, Duration patience) throws InterruptedException {
        Optional<String> event = follower.next(patience);
        while (event.filter(each -> each.matches("\\{\"event\":\"(snapshot|caughtup)\".*"))
                .isPresent()) {
            event = follower.next(patience);
        }
        return event;
    }

    @Test
    void theProgramFollowsWhatItSelectsAsAClientDoes() throws Exception {
        try (var server = TestServer.start(directory)) {
            publish(server, "orders", "o-1");
            publish(server, "trades", "t-1");
            try (var follower = server.follow(Selection.of(List.of(Selector.parse("orders"))))) {
                requireNext(follower, "\"document\"", "\"o-1\"");
                requireNext(follower, "\"synced\"", "\"documents\":1");
                requireNext(follower, "\"subscribed\"", "\"seq\":2");
                assertThat(next(follower, Duration.ZERO)).isEmpty();
                publish(server, "trades", "t-1");
                publish(server, "orders", "o-2");
                requireNext(follower, "\"put\",\"seq\":4,", "\"o-2\"");
            }
        }
    }

    @Test
    void theProgramGoesOnAfterAPositionWithWhatItSelects() throws Exception {
        try (var server = TestServer.start(directory)) {
            Position start = server.position();
            publish(server, "orders", "a b");
            publish(server, "orders", "o-1");
            var selection = Selection.of(List.of(Selector.parse("orders/a%20b")));
            try (var follower = server.follow(selection, start, false)) {
                requireNext(follower, "\"subscribed\"", "\"seq\":0");
                requireNext(follower, "\"put\",\"seq\":1,", "\"a b\"");
            }
        }
    }

    @Test
    void theProgramsFollowersGetEverythingAndAGoodbyeWhenTheServerEnds() throws Exception {
        var server = TestServer.start(directory);
        var follower = server.follow(Selection.ALL);
        requireNext(follower, "\"synced\"");
        requireNext(follower, "\"subscribed\"");
        for (int i = 0; i < 100; i++) {
            publish(server, "orders", "o-" + i);
        }

        server.close();

        for (int i = 0; i < 100; i++) {
            requireNext(follower, "\"put\"", "\"o-" + i + "\"");
        }
        requireNext(follower, "\"goodbye\"", "\"seq\":100");
        assertThat(follower.next(PATIENCE)).isEmpty();
        try (var late = server.follow(Selection.NONE, server.position(), true)) {
            requireNext(late, "\"subscribed\"");
            requireNext(late, "\"goodbye\"");
            assertThat(late.next(PATIENCE)).isEmpty();
        }
    }

    /** The client that does not close its side keeps the server from its end. */
    @Test
    void whoFollowsWhenAllIsCommittedGetsItsGoodbyeAtOnce() throws Exception {
        var server = TestServer.start(directory, "tidegate.drain.timeout = 10 m");
        publish(server, "orders", "o-1");
        try (var client = TestServer.client(server)) {
            client.send("follow");
            client.line();
            var report = server.drain("test").toCompletableFuture();
            Await.until(() -> server.drainStatus().phase() == DrainPhase.CONNECTIONS);

            try (var late = server.follow(Selection.ALL)) {
                requireNext(late, "\"document\"", "\"o-1\"");
                requireNext(late, "\"synced\"");
                requireNext(late, "\"subscribed\"");
                requireNext(late, "\"goodbye\"", "\"seq\":1");
                assertThat(late.next(PATIENCE)).isEmpty();
            }

            assertThat(report.isDone()).isFalse();
            server.force("test over");
            report.join();
        }
    }

    /** Whenever they come: none falls between who is told at the end and who is told that it has come. */
    @Test
    void whoFollowsWhileTheServerEndsGetsItsGoodbye() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        var server = TestServer.start(directory, "tidegate.drain.timeout = 10 m");
        try (var client = TestServer.client(server)) {
            client.send("follow");
            client.line();
            var started = new CountDownLatch(2);
            List<CompletableFuture<List<Follower>>> all = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                all.add(CompletableFuture.supplyAsync(() -> followUntilAllIsCommitted(server, started), threads));
            }
            started.await();

            var report = server.drain("test").toCompletableFuture();

            for (var each : all) {
                for (Follower follower : each.join()) {
                    requireNext(follower, "\"subscribed\"");
                    requireNext(follower, "\"goodbye\"");
                    assertThat(follower.next(PATIENCE)).isEmpty();
                }
            }
            assertThat(report.isDone()).isFalse();
            server.force("test over");
            report.join();
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Follower> followUntilAllIsCommitted(Tidegate server, CountDownLatch started) {
        List<Follower> followers = new ArrayList<>();
        boolean isOver = false;
        while (!isOver) {
            isOver = server.drainStatus().phase() == DrainPhase.CONNECTIONS;
            followers.add(server.follow(Selection.NONE, server.position(), true));
            started.countDown();
        }
        return followers;
    }

    @Test
    void aFollowerThatIsClosedWaitsNoLonger() throws Exception {
        try (var server = TestServer.start(directory)) {
            var follower = server.follow(Selection.ALL, server.position(), false);
            requireNext(follower, "\"subscribed\"");
            var next = CompletableFuture.supplyAsync(() -> {
                try {
                    return next(follower, PATIENCE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });

            follower.close();

            assertThat(next.join()).isEmpty();
            assertThat(server.connections().list().toCompletableFuture().join()).isEmpty();
        }
    }

    @Test
    void publishingFailsClearlyOnceDrainingHasBegun() throws Exception {
        var server = TestServer.start(directory);
        server.drain("test").toCompletableFuture().join();

        var late = server.publish(Change.delete("orders", "o-1")).toCompletableFuture();

        assertThatThrownBy(late::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(DrainingException.class);
    }

    @Test
    void everyPublishDuringADrainIsEitherSeenByFollowersOrFails() throws Exception {
        int threads = 8;
        ExecutorService publishers = Executors.newFixedThreadPool(threads);
        try (var server = TestServer.start(directory);
                var follower = TestServer.client(server)) {
            follower.send("updates");
            follower.lines(2);
            var started = new CountDownLatch(threads);
            List<CompletableFuture<List<String>>> accepted = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String thread = "t" + t;
                accepted.add(
                        CompletableFuture.supplyAsync(() -> publishUntilRefused(server, thread, started), publishers));
            }
            started.await();

            var report = server.drain("test").toCompletableFuture();

            List<String> lines = follower.rest();
            follower.halfClose();
            TreeMap<Long, String> expected = new TreeMap<>();
            for (var acknowledged : accepted) {
                acknowledged.join().forEach(line -> expected.put(Long.parseLong(line.split(" ", -1)[0]), line));
            }
            assertThat(lines.get(lines.size() - 1)).contains("\"goodbye\"").contains("\"seq\":" + expected.lastKey());
            assertThat(lines).hasSize(expected.size() + 1);
            int index = 0;
            for (String line : expected.values()) {
                String[] words = line.split(" ", -1);
                assertThat(lines.get(index++))
                        .contains("\"seq\":" + words[0] + ",")
                        .contains("\"" + words[1] + "\"");
            }
            assertThat(report.join().updates()).isEqualTo(expected.size());
        } finally {
            publishers.shutdownNow();
        }
    }

    /** Publishes without waiting until the server drains; returns {@code seq key} of what was accepted. */
    private static List<String> publishUntilRefused(Tidegate server, String thread, CountDownLatch started) {
        List<String> accepted = new ArrayList<>();
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            String key = thread + "-" + i;
            var result = server.publish(Change.put("orders", key, "1")).toCompletableFuture();
            results.add(result.thenApply(position -> position.seq() + " " + key));
            if (i == 100) {
                started.countDown();
            }
            if (result.isCompletedExceptionally() && isDraining(result)) {
                break;
            }
        }
        for (CompletableFuture<String> result : results) {
            try {
                accepted.add(result.join());
            } catch (CompletionException e) {
                assertThat(e).rootCause().isInstanceOfAny(DrainingException.class, PublishException.class);
            }
        }
        return accepted;
    }

    private static boolean isDraining(CompletableFuture<Position> result) {
        try {
            result.join();
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof DrainingException;
        }
    }

    @Test
    void jmxShowsTheServerAndShutsItDown() throws Exception {
        var server = TestServer.start(directory);
        var beans = ManagementFactory.getPlatformMBeanServer();
        var name = new ObjectName("io.tidegate:type=Server");
        assertThat(beans.getAttribute(name, "State")).isEqualTo("RUNNING");
        assertThat(beans.getAttribute(name, "LastPosition"))
                .isEqualTo(server.position().toString());

        Object nothing = beans.invoke(name, "shutdown", new Object[0], new String[0]);

        assertThat(nothing).isNull();
        assertThat(server.whenTerminated().toCompletableFuture().join().reason())
                .isEqualTo("JMX");
        assertThat(beans.isRegistered(name)).isFalse();
    }

    @Test
    void aStoreInUseAndAPortInUseAreRefusedInOneLine() throws Exception {
        try (var server = TestServer.start(directory)) {
            assertThatThrownBy(() -> TestServer.start(directory))
                    .isInstanceOf(StartException.class)
                    .message()
                    .doesNotContain("\n")
                    .contains("data");
            assertThatThrownBy(() -> TestServer.start(
                            directory.resolve("other"),
                            "tidegate.tcp.port = " + server.tcpAddress().getPort()))
                    .isInstanceOf(StartException.class)
                    .message()
                    .doesNotContain("\n")
                    .contains("cannot bind 127.0.0.1:")
                    .containsIgnoringCase("address already in use");
        }
    }
}
