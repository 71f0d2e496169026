package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.Timing;
import io.tidegate.server.Tidegate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark from the command line to its report, against a true server. */
@Timeout(120)
class BenchCommandTest {

    @TempDir
    private Path directory;

    private Tidegate server() throws Exception {
        Config config = ConfigFactory.parseString(
                        "tidegate { tcp.port = 0, http.port = 0, admin.port = 0, store.durability = os }")
                .withValue("tidegate.store.directory", ConfigValueFactory.fromAnyRef("" + directory.resolve("data")));
        return Tidegate.start(config);
    }

    private static BenchRun bench(Tidegate server, String arguments) {
        return BenchRun.of("--port " + server.tcpAddress().getPort() + " " + arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--window 64", "--window 1", "--pipeline 8", "--rate 2000"})
    void nothingIsLostBetweenTwoPublishersAndTwentyFollowers(String load) throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(server, "--followers 20 --publishers 2 --warmup 0 --messages 2000 --json " + load);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            Config report = ConfigFactory.parseString(run.out());
            assertThat(report.getInt("followers")).isEqualTo(20);
            assertThat(report.getLong("updates")).isPositive().isEqualTo(server.updates());
            assertThat(report.getLong("lost") + report.getLong("duplicated") + report.getLong("outOfOrder"))
                    .isZero();
            assertThat(report.getLong("deliveriesPerSecond")).isPositive();
            assertThat(report.getLong("deliveryMicros.p50")).isPositive();
            assertThat(report.getLong("deliveryMicros.max"))
                    .isGreaterThanOrEqualTo(report.getLong("deliveryMicros.p50"));
            assertThat(report.getLong("acknowledgementMicros.p50")).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--select 20 --window 16",
                "--select 7 --keys 70 --window 64",
                "--select 40 --keys 50 --rate 4000",
                "--select 5 --select-by prefix --keys 23 --window 64",
                "--select 20 --select-by prefix --pipeline 8 --publish-by put",
                "--select 5 --select-by collection --keys 23 --window 64",
                "--select 8 --select-by collection --rate 4000 --publish-by put --transport websocket",
                "--select 8 --transport sse --window 4 --unchanging 5",
                "--select 3 --select-by prefix --transport sse --window 64",
                "--window 64 --unchanging 5"
            })
    void everyFollowerGetsWhatItSelectedAndNothingElse(String load) throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(
                    server,
                    "--http-port " + server.httpAddress().getPort()
                            + " --followers 20 --publishers 3 --warmup 0 --messages 2000 --json " + load);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            Config report = ConfigFactory.parseString(run.out());
            assertThat(report.getLong("updates")).isPositive().isEqualTo(server.updates());
            assertThat(report.getLong("lost") + report.getLong("duplicated") + report.getLong("outOfOrder"))
                    .isZero();
            assertThat(report.getLong("deliveriesPerSecond")).isPositive();
        }
    }

    @Test
    void theTableTellsOfTheSelections() throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(
                    server,
                    "--followers 5 --select 2 --select-by prefix --unchanging 1 --warmup 0 --messages 100 --window 8");

            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("2 documents of 128 bytes, window 8")
                    .contains("2 selections by prefix, one for each follower in turn")
                    .contains("1 follower of documents that nobody publishes");
        }
    }

    @Test
    void publishersMayPutOverHttp() throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(
                    server,
                    "--http-port " + server.httpAddress().getPort()
                            + " --publish-by put --pipeline 1 --publishers 4 --followers 3 --warmup 0 --messages 400"
                            + " --keys 7 --json");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            Config report = ConfigFactory.parseString(run.out());
            assertThat(report.getString("publishBy")).isEqualTo("put");
            assertThat(report.getLong("updates")).isPositive().isEqualTo(server.updates());
            assertThat(report.getLong("lost") + report.getLong("duplicated")).isZero();
        }
    }

    @Test
    void aCountedRunMeasuresThatManyUpdates() throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(server, "--followers 3 --warmup 0 --messages 1000 --keys 7 --size 64 --json");

            assertThat(run.err()).isEmpty();
            assertThat(ConfigFactory.parseString(run.out()).getLong("updates")).isEqualTo(1000);
            assertThat(server.updates()).isEqualTo(1000);
        }
    }

    @Test
    void laggardsHoldUpNobodyAndCatchUpWithoutALoss() throws Exception {
        try (Tidegate server = server()) {
            long pid = ProcessHandle.current().pid();

            BenchRun run = bench(
                    server,
                    "--followers 10 --laggards 3 --stall 1 --seconds 3 --warmup 0.2 --window 64 --json"
                            + " --server-pid " + pid);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            Config report = ConfigFactory.parseString(run.out());
            assertThat(report.getInt("stall.laggards")).isEqualTo(3);
            assertThat(report.getLong("stall.updatesPerSecondOfOthers.before")).isPositive();
            assertThat(report.getLong("stall.updatesPerSecondOfOthers.stalled")).isPositive();
            assertThat(report.getDouble("stall.caughtUpAfterSeconds")).isGreaterThanOrEqualTo(0);
            assertThat(report.getDouble("stall.catchUpToLiveRatio")).isPositive();
            Timing.onQuietMachine(() -> {
                assertThat(report.getDouble("stall.caughtUpAfterSeconds")).isLessThanOrEqualTo(0.5);
                assertThat(report.getDouble("stall.catchUpToLiveRatio")).isGreaterThan(1);
                assertThat(report.getLong("deliveryMicros.max")).isLessThan(500_000);
            });
            assertThat(report.getLong("server.residentBytesMax")).isPositive();
        }
    }

    @Test
    void theTableTellsOfTheStall() throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(server, "--followers 2 --laggards 1 --stall 0.1 --warmup 0 --rate 2000");

            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("1 follower did not read for 0.10 s, and had caught up ")
                    .contains("times the live rate")
                    .contains(" during the stall, ");
        }
    }

    @Test
    void withoutFollowersItMeasuresPublishing() throws Exception {
        try (Tidegate server = server()) {
            BenchRun run = bench(server, "--followers 0 --publishers 4 --warmup 0 --messages 1000");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("acknowledged").doesNotContain("delivered");
        }
    }

    @Test
    void theTableSaysWhatWasMeasuredAndFromWhen() throws Exception {
        try (Tidegate server = server()) {
            long pid = ProcessHandle.current().pid();

            BenchRun run = bench(server, "--followers 5 --warmup 0 --messages 100 --rate 1000 --server-pid " + pid);

            assertThat(run.out())
                    .contains("5 followers by tcp, 1 publisher, 100 documents of 128 bytes, 1,000 updates/s")
                    .contains("0 lost, 0 duplicated, 0 out of order")
                    .contains("no coordinated omission")
                    .contains("process " + pid);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 0 | --port is 1 to 65,535, not 0",
                "--followers -1 | --followers is 0 to 1,000,000, not -1",
                "--publishers 0 | --publishers is 1 to 65,536, not 0",
                "--size 63 | --size is 64 to 131,072, not 63",
                "--keys 0 | --keys is 1 to 100,000,000, not 0",
                "--window 0 | --window is 1 to 1,000,000, not 0",
                "--pipeline 0 | --pipeline is 1 to 1,000,000, not 0",
                "--rate 0 | --rate is 0.01 to 10,000,000, not 0",
                "--seconds 0 | --seconds is 0.01 to 86,400, not 0",
                "--messages 0 | --messages is 1 to 2,147,483,647, not 0",
                "--warmup NaN | --warmup is 0 to 86,400, not NaN",
                "--followers 5 --laggards 5 | --laggards is 0 to 4, not 5",
                "--laggards 1 --stall 0 | --stall is 0.01 to 86,400, not 0",
                "--laggards 1 --stall 2 --seconds 2 | --seconds has to be longer than --stall",
                "--laggards 1 --messages 9 | --laggards goes with --seconds, not with --messages",
                "--stall 2 | --stall is for --laggards",
                "--window 1 --rate 1 | either --window or --rate",
                "--window 1 --pipeline 1 | either --window or --pipeline",
                "--pipeline 1 --rate 1 | either --pipeline or --rate",
                "--seconds 1 --messages 1 | either --seconds or --messages",
                "--collection after | a collection cannot be named 'after'",
                "--server-pid 0 | there is no process 0",
                "--select 0 | --select is 1 to 1,000,000, not 0",
                "--select 5 --keys 4 | --keys is not less than --select",
                "--select-by key | --select-by is for --select",
                "--select 2 --laggards 1 | either --select or --laggards",
                "--unchanging -1 | --unchanging is 0 to 1,000,000, not -1",
                "--sise 100 | Unknown option",
            })
    void aMistakeIsToldAndIsExitCode2(String arguments, String message) {
        BenchRun run = BenchRun.of(arguments);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void helpFitsOneScreen() {
        BenchRun run = BenchRun.of("--help");

        assertThat(run.out().lines()).hasSizeLessThanOrEqualTo(24);
    }

    @Test
    void aServerThatDoesNotRunIsOneLineAndExitCode1() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        BenchRun run = BenchRun.of("--port " + port);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("tidegate: cannot connect to 127.0.0.1:" + port
                        + ": connection refused (is the server running?)\n");
    }
}
