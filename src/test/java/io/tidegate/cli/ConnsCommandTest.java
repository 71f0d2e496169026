package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of connections, for people and for programs. */
@Timeout(60)
class ConnsCommandTest {

    private static final String OPEN = "["
            + row(1, 300_000, "live", 4000, 0, 0, "")
            + ","
            + row(2, 200_000, "catching-up", 1000, 3000, 70_000, "curl/8")
            + ","
            + row(3, 90_061_000, "catching-up", 3500, 500, 900, "bad\\u001b[31mname-that-is-far-too-long-for-a-table")
            + "]";

    private static final String ENDED =
            "[{\"id\":7,\"peer\":\"10.0.0.7:4\",\"listener\":\"tcp\",\"transport\":\"tcp\",\"openedAt\":\"2026-01-01T00:00:00Z\","
                    + "\"endedAt\":\"2026-01-01T00:01:05.250Z\",\"outcome\":\"completed\",\"reason\":\"quit\",\"bytesSent\":9,"
                    + "\"bytesUnsent\":0,\"updatesSent\":2,\"lastSeq\":4}]";

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    private static String row(int id, long age, String progress, long seq, long lag, long unsent, String client) {
        return "{\"id\":" + id + ",\"peer\":\"10.0.0.7:" + id + "\",\"listener\":\"tcp\",\"transport\":\"tcp\","
                + "\"openedAt\":\"2026-01-01T00:00:00Z\",\"ageMillis\":" + age
                + ",\"state\":\"OPEN\",\"follows\":\"all\","
                + "\"progress\":\"" + progress + "\",\"seq\":" + seq + ",\"lag\":" + lag
                + ",\"bytesSent\":5,\"bytesUnsent\":"
                + unsent + ",\"updatesSent\":6,\"lastSeq\":4,\"stuckMillis\":0,\"userAgent\":\"" + client + "\"}";
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/connections", exchange -> {
            byte[] bytes = (exchange.getRequestURI().getPath().endsWith("ended") ? ENDED : OPEN)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private CommandRun conns(String options) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return CommandRun.of(("conns --admin " + url + " " + options).strip().split(" "));
    }

    @Test
    void itSaysWhoFollowsWhatAndLagsByHowMuch() {
        CommandRun run = conns("");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly(
                        "ID|PEER|TRANSPORT|IDENTITY|STATE|AGE|CLIENT|FOLLOWS|PROGRESS|SEQ|LAG|UPDATES|BYTES|UNSENT|STUCK MS",
                        "1|10.0.0.7:1|tcp|-|OPEN|5m 0s|-|all|live|4000|0|6|5|0|0",
                        "2|10.0.0.7:2|tcp|-|OPEN|3m 20s|curl/8|all|catching-up|1000|3000|6|5|70000|0",
                        "3|10.0.0.7:3|tcp|-|OPEN|1d 1h|bad?[31mname-that-is-far-too-long-for-a…|all|catching-up|3500|500|6|5|900|0");
    }

    @ParameterizedTest
    @CsvSource({"lag, 2 3 1", "age, 3 1 2", "unsent, 2 3 1"})
    void theWorstComeFirst(String by, String ids) {
        CommandRun run = conns("--json --sort " + by);

        assertThat(String.join(
                        " ",
                        run.out()
                                .lines()
                                .map(line -> line.replaceAll(".*\"id\":(\\d).*", "$1"))
                                .toList()))
                .isEqualTo(ids);
    }

    @Test
    void aLimitIsTold() {
        CommandRun run = conns("--sort lag --limit 1");

        assertThat(run.out().lines()).hasSize(2).last().asString().contains("10.0.0.7:2");
        assertThat(run.err()).isEqualToNormalizingNewlines("tidegate: 1 of 3 connections are shown\n");
    }

    @Test
    void aProgramGetsOneObjectALine() throws Exception {
        CommandRun run = conns("--json");

        assertThat(run.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(JsonTree.read(run.out().lines().toList().get(1).getBytes(StandardCharsets.UTF_8)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("lag", 3000)
                .containsEntry("follows", "all")
                .containsEntry("userAgent", "curl/8");
        assertThat(conns("--ended --json").out()).contains("\"outcome\":\"completed\"");
    }

    @Test
    void howOthersEndedIsShownWithHowLongTheyLasted() {
        assertThat(conns("--ended").out().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly(
                        "ID|PEER|TRANSPORT|IDENTITY|OUTCOME|REASON|ENDED|LASTED|UPDATES|LAST SEQ|BYTES|UNSENT",
                        "7|10.0.0.7:4|tcp|-|completed|quit|2026-01-01T00:01:05.250Z|1m 5s|2|4|9|0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--limit -1", "--ended=-1", "--sort size", "--limit many", "--sort lag --ended"})
    void whatIsNoNumberOrOrderIsAMistakeOfTheCommandLine(String options) {
        CommandRun run = conns(options);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
