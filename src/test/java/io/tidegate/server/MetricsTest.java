package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.admin.Build;
import io.tidegate.document.Change;
import io.tidegate.ledger.Following;
import io.tidegate.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a server with real connections, and what the documents say of them. */
@Timeout(120)
class MetricsTest {

    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(tidegate_[a-z_]+)(?:\\{([a-z,]+)})?` \\| (counter|gauge|histogram) \\| \\S.* \\|$");

    @TempDir
    Path directory;

    private static MetricsText metrics(Tidegate server) throws Exception {
        return MetricsText.parse(server.metrics().toCompletableFuture().get(60, TimeUnit.SECONDS));
    }

    private static MetricsText await(Tidegate server, Predicate<MetricsText> condition) throws Exception {
        long start = System.nanoTime();
        MetricsText metrics = metrics(server);
        while (!condition.test(metrics)) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds waited in vain")
                    .isLessThan(Await.PATIENCE.toNanos());
            metrics = metrics(server);
        }
        return metrics;
    }

    @Test
    void theDocumentedMetricsAreThoseThatThereAre() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        var rows = ROW.matcher(Files.readString(Path.of("docs", "operations.md")));
        while (rows.find()) {
            String labels = rows.group(2) == null ? "" : rows.group(2);
            documented.put(rows.group(1), rows.group(3) + " of [" + labels.replace(",", ", ") + "]");
        }
        var files = TestCertificates.authority("Root").server("a.test").issue().write(directory, "own");
        String certificate = "{ chain = \"" + files.chain() + "\", key = \"" + files.key() + "\" }";
        try (var server = TestServer.start(directory, "tidegate.tcp.tls.certificates = [" + certificate + "]")) {
            MetricsText metrics = metrics(server);

            Map<String, String> found = new TreeMap<>();
            metrics.labels().forEach((family, labels) -> {
                if (family.startsWith("tidegate_")) {
                    found.put(family, metrics.types().get(family) + " of " + labels);
                }
            });
            assertThat(found).isEqualTo(documented);
        }
    }

    @Test
    void theRuntimeIsMeasuredToo() throws Exception {
        try (var server = TestServer.start(directory)) {
            assertThat(metrics(server).types())
                    .containsKeys("jvm_memory_used_bytes", "jvm_threads_current", "process_cpu_seconds_total");
        }
    }

    @Test
    void whatWasPublishedAndSentIsCounted() throws Exception {
        try (var server = TestServer.start(directory);
                var follower = TestServer.client(server);
                var publisher = TestServer.client(server)) {
            follower.send("updates").lines(2);
            publisher
                    .send("put orders a 1", "put orders b 2", "delete orders a")
                    .lines(3);
            follower.lines(3);

            // The commit task counts after it has answered.
            MetricsText metrics = await(server, found -> found.value("tidegate_batch_updates_sum") == 3);
            assertThat(metrics.value("tidegate_updates_committed_total")).isEqualTo(3);
            assertThat(metrics.value("tidegate_commit_seconds_count"))
                    .isEqualTo(metrics.value("tidegate_publish_seconds_count"))
                    .isBetween(1.0, 3.0);
            assertThat(metrics.value("tidegate_publish_seconds_sum"))
                    .isGreaterThan(metrics.value("tidegate_commit_seconds_sum"));
            assertThat(metrics.value("tidegate_batch_bytes_sum")).isEqualTo(metrics.value("tidegate_log_bytes"));
            assertThat(metrics.value("tidegate_log_updates")).isEqualTo(3);
            assertThat(metrics.value("tidegate_head_seq")).isEqualTo(3);
            assertThat(metrics.value("tidegate_sent_updates_total")).isEqualTo(3);
            assertThat(metrics.value("tidegate_sent_bytes_total")).isGreaterThan(100);
            assertThat(metrics.value("tidegate_subscriptions")).isEqualTo(1);
            assertThat(metrics.value("tidegate_subscription_lag_max_updates")).isZero();
            assertThat(metrics.value("tidegate_store_failed")).isZero();
        }
    }

    @Test
    void whoDoesNotReadLags() throws Exception {
        try (var server = TestServer.start(directory);
                var stuck = TestServer.client(server)) {
            stuck.send("updates").lines(2);
            String value = '"' + "x".repeat(100_000) + '"';
            MetricsText metrics = metrics(server);
            // More than the sockets' buffers and the ring take together.
            while (metrics.value("tidegate_subscriptions_lagging") == 0
                    || metrics.value("tidegate_unsent_bytes") == 0) {
                CompletableFuture<?>[] published = IntStream.range(0, 50)
                        .mapToObj(i -> server.publish(Change.put("big", "k" + i, value))
                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new);
                CompletableFuture.allOf(published).get(30, TimeUnit.SECONDS);
                metrics = metrics(server);
            }

            var row = server.connections()
                    .list()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS)
                    .get(0);
            assertThat(row.following().progress()).isEqualTo(Following.Progress.CATCHING_UP);
            assertThat(row.following().lag()).isPositive();
            assertThat(row.following().seq()).isLessThan(server.position().seq());
            assertThat(metrics.value("tidegate_subscription_lag_max_updates")).isPositive();
        }
    }

    @Test
    void theBuildIsNamed() throws Exception {
        try (var server = TestServer.start(directory)) {
            assertThat(metrics(server)
                            .value("tidegate_build_info{java=\"" + Runtime.version() + "\",version=\"" + Build.version()
                                    + "\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void connectionsAreCountedByTransportAndStateAndThenByTheirEnd() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.connection.delivered-linger = 1 h");
                var stays = TestServer.client(server);
                var quits = TestServer.client(server)) {
            stays.send("ping").line();
            quits.send("quit").rest();

            MetricsText before = metrics(server);
            assertThat(before.value("tidegate_connections{state=\"fin-sent\",transport=\"tcp\"}"))
                    .isEqualTo(1);
            quits.socket().close();

            MetricsText metrics =
                    await(server, found -> found.value("tidegate_connections_ended_total{outcome=\"completed\"}") == 1);
            assertThat(metrics.value("tidegate_connections{state=\"open\",transport=\"tcp\"}"))
                    .isEqualTo(1);
            assertThat(metrics.value("tidegate_connections_opened_total")).isEqualTo(2);
            assertThat(metrics.value("tidegate_connections_end_reasons_total{reason=\"quit\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneConnectionTooManyIsCountedAsRefused() throws Exception {
        try (var server = TestServer.start(directory, "tidegate.connection.max-connections = 1");
                var served = TestServer.client(server)) {
            served.send("ping").line();
            try (var refused = TestServer.client(server)) {
                refused.rest();
            }

            assertThat(metrics(server).value("tidegate_connections_refused_total"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aClientThatDoesNotReadIsSeenStuckAndLagging() throws Exception {
        try (var server = TestServer.start(directory);
                var stuck = new LineClient(server.tcpAddress(), 4096);
                var publisher = TestServer.client(server)) {
            stuck.send("updates").lines(2);
            String put = "put orders a \"" + "x".repeat(200_000) + "\"";
            double behind = 0;
            while (behind < 20) {
                publisher.send(put).line();
                behind = metrics(server).value("tidegate_subscription_lag_max_updates");
            }

            MetricsText metrics = metrics(server);
            assertThat(metrics.value("tidegate_connections_stuck")).isEqualTo(1);
            assertThat(metrics.value("tidegate_connection_stuck_max_seconds")).isPositive();
            assertThat(metrics.value("tidegate_unsent_bytes")).isPositive();
        }
    }

    @Test
    void severalServersInOneProcessCountForThemselves() throws Exception {
        try (var one = TestServer.start(directory.resolve("one"));
                var other = TestServer.start(directory.resolve("other"));
                var publisher = TestServer.client(one)) {
            publisher.send("put orders a 1").line();

            assertThat(metrics(one).value("tidegate_updates_committed_total")).isEqualTo(1);
            assertThat(metrics(other).value("tidegate_updates_committed_total")).isZero();
        }
    }
}
