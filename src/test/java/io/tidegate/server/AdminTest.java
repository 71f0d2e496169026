package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.admin.Build;
import io.tidegate.admin.ConnectionsBean;
import io.tidegate.admin.KnownNode;
import io.tidegate.admin.OpenConnection;
import io.tidegate.admin.ServerBean;
import io.tidegate.drain.DrainPhase;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of the admin listener of a running server, on real sockets. */
@Timeout(120)
class AdminTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Tidegate server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, "tidegate.admin.hosts = [Ops.Example.org]");
        admin = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Config json(AdminClient.Answer answer) {
        assertThat(answer.type()).isEqualTo("application/json");
        return ConfigFactory.parseString("{\"it\":" + answer.body() + "}");
    }

    @Test
    void aRunningServerIsLiveAndReady() throws Exception {
        assertThat(admin.get("/livez")).isEqualTo(new AdminClient.Answer(200, "live\n", "text/plain; charset=UTF-8"));
        assertThat(admin.get("/readyz")).isEqualTo(new AdminClient.Answer(200, "ready\n", "text/plain; charset=UTF-8"));
    }

    @Test
    void metricsAreWhatTheProgramGets() throws Exception {
        AdminClient.Answer answer = admin.get("/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualToIgnoringCase("text/plain; version=0.0.4; charset=UTF-8");
        assertThat(MetricsText.parse(answer.body()).types().keySet())
                .isEqualTo(
                        MetricsText.parse(server.metrics().toCompletableFuture().join())
                                .types()
                                .keySet());
    }

    private LineClient follower() throws Exception {
        return follower("updates");
    }

    /** It has been answered: who connects next has the next number. */
    private LineClient follower(String request) throws Exception {
        LineClient client = TestServer.client(server);
        client.send(request).lines(2);
        return client;
    }

    @Test
    void connectionsAreListedAndEndedInEachWay() throws Exception {
        // Those that come together may be accepted in any order, and numbered so.
        try (var first = follower();
                var second = follower();
                var third = follower()) {
            assertThat(third.socket().isConnected()).isTrue();
            var listed = json(admin.get("/v1/connections")).getConfigList("it");
            assertThat(listed).extracting(row -> row.getInt("id")).containsExactly(1, 2, 3);
            assertThat(listed.get(0).getString("peer"))
                    .isEqualTo("127.0.0.1:" + first.socket().getLocalPort());
            assertThat(listed.get(0).root().keySet()).containsExactlyInAnyOrderElementsOf(TestServer.CONNECTION_FIELDS);
            assertThat(json(admin.get("/v1/connections/2")).getString("it.transport"))
                    .isEqualTo("tcp");

            assertThat(json(admin.delete("/v1/connections/1")).getString("it.how"))
                    .isEqualTo("shutdown");
            assertThat(first.rest()).singleElement().asString().contains("goodbye");
            first.socket().close();
            assertThat(json(admin.delete("/v1/connections/2?how=close")).getInt("it.connections"))
                    .isEqualTo(1);
            assertThat(second.rest()).isEmpty();
            second.socket().close();
            awaitEnded(2);
            assertThat(json(admin.delete("/v1/connections?remote=127.0.0.1&how=abort"))
                            .getInt("it.connections"))
                    .isEqualTo(1);
            awaitEnded(3);

            var ended = json(admin.get("/v1/connections/ended")).getConfigList("it");
            assertThat(ended)
                    .extracting(row -> row.getString("reason"))
                    .containsExactlyInAnyOrder("shutdown", "closed", "aborted");
            assertThat(json(admin.get("/v1/connections/ended?most=1")).getConfigList("it"))
                    .hasSize(1);
            assertThat(json(admin.get("/v1/connections")).getConfigList("it")).isEmpty();
        }
    }

    private void awaitEnded(int count) {
        Await.until(() -> server.connections().totals().ended() >= count);
    }

    @Test
    void itSaysWhoFollowsWhatAndLagsByHowMuch() throws Exception {
        // One after the other, so that the numbers are known.
        try (var follows = follower("updates orders trades");
                var publishes = TestServer.client(server)) {
            publishes.send("put orders a 1", "put other b 2").lines(2);
            follows.line();

            Await.until(() -> row(1).getLong("seq") == 2);
            Config row = row(1);
            assertThat(row.getString("follows")).isEqualTo("orders, trades");
            assertThat(row.getString("progress")).isEqualTo("live");
            assertThat(row.getLong("lag")).isZero();
            assertThat(row.getLong("lastSeq")).isEqualTo(1);
            assertThat(row(2).getString("follows")).isEmpty();
            assertThat(row(2).getString("progress")).isEmpty();
        }
    }

    private Config row(int id) {
        return json(admin.get("/v1/connections/" + id)).getConfig("it");
    }

    @Test
    void theListHasTheNamesAndValuesThatJmxHas() throws Exception {
        try (var client = follower()) {
            var open = new ConnectionsBean(server.connections(), server.audit())
                    .list()
                    .get(0);

            assertThat(open.getPeer()).isEqualTo("127.0.0.1:" + client.socket().getLocalPort());
            assertThat(open.getFollows()).isEqualTo("all");
            assertThat(open.getUserAgent()).isEmpty();
            assertThat(json(admin.get("/v1/connections/1"))
                            .getConfig("it")
                            .root()
                            .keySet())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(OpenConnection.class.getMethods())
                            .map(getter -> getter.getName().substring(3))
                            .map(name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1))
                            .toList());
        }
    }

    @Test
    void aServerThatIsAloneIsItsOnlyNodeOverJmxToo() {
        KnownNode node = new ServerBean(server).nodes()[0];

        assertThat(node.getThis()).isTrue();
        assertThat(node.getState()).isEqualTo("ready");
        assertThat(node.getAgeMillis()).isEqualTo(-1);
        assertThat(node.getTcp()).isEqualTo("127.0.0.1:" + server.tcpAddress().getPort());
        assertThat(json(admin.get("/v1/nodes"))
                        .getConfigList("it")
                        .get(0)
                        .root()
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(KnownNode.class.getMethods())
                        .map(getter -> getter.getName().substring(3))
                        .map(name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1))
                        .toList());
    }

    @Test
    void aClientThatSpeaksHttpIsSeenByWhatItSaysItIs() throws Exception {
        try (var socket = new Socket(
                server.httpAddress().getAddress(), server.httpAddress().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/follow HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: desk/2.0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            assertThat(row(1).getString("userAgent")).isEqualTo("desk/2.0");
            assertThat(row(1).getString("follows")).isEqualTo("all");
        }
    }

    @Test
    void theServerSaysWhichItIs() throws Exception {
        Config about = json(admin.get("/v1/server")).getConfig("it");

        assertThat(about.getString("version")).isEqualTo(Build.version());
        assertThat(about.getString("java")).startsWith(Runtime.version().toString());
        assertThat(about.getLong("pid")).isEqualTo(ProcessHandle.current().pid());
        assertThat(Instant.parse(about.getString("startedAt")))
                .isBetween(Instant.now().minus(1, ChronoUnit.DAYS), Instant.now());
        assertThat(about.getString("state")).isEqualTo("running");
        assertThat(about.getString("store"))
                .isEqualTo(directory.resolve("data").toAbsolutePath().toString());
        assertThat(about.getString("tcp"))
                .isEqualTo("127.0.0.1:" + server.tcpAddress().getPort());
    }

    @Test
    void allConnectionsOfAListenerCanBeEnded() throws Exception {
        try (var client = TestServer.client(server)) {
            client.send("ping").line();

            assertThat(json(admin.delete("/v1/connections?listener=tcp")).getInt("it.connections"))
                    .isEqualTo(1);
            assertThat(admin.delete("/v1/connections?listener=udp").status()).isEqualTo(404);
        }
    }

    @Test
    void someConnectionsAreEndedAtOnceByTheirNumbers() throws Exception {
        try (var first = follower();
                var second = follower();
                var third = follower()) {
            assertThat(json(admin.delete("/v1/connections?id=1,3,4711&how=close"))
                            .getInt("it.connections"))
                    .isEqualTo(2);

            assertThat(first.rest()).isEmpty();
            assertThat(third.rest()).isEmpty();
            assertThat(second.send("ping").line()).contains("pong");
            assertThat(admin.delete("/v1/connections?id=4711").status()).isEqualTo(404);
        }
    }

    @Test
    void moreNumbersThanThereMayBeAreRefusedAndNobodyIsEnded() throws Exception {
        try (var first = follower()) {
            AdminClient.Answer answer = admin.delete("/v1/connections?id=1" + ",1".repeat(1500));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(ConfigFactory.parseString(answer.body()).getString("code"))
                    .isEqualTo("bad-request");
            assertThat(ConfigFactory.parseString(answer.body()).getString("detail"))
                    .isEqualTo("id= takes 1000 numbers at most, not 1501: say the others after that");
            assertThat(first.send("ping").line()).contains("pong");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404, not-found",
        "GET, /v1/connections/4711, 404, not-found",
        "DELETE, /v1/connections/4711, 404, not-found",
        "DELETE, /v1/connections/me, 400, bad-request",
        "DELETE, /v1/connections/99999999999999999999, 400, bad-request",
        "DELETE, /v1/connections, 400, bad-request",
        "DELETE, /v1/connections?listener=tcp&remote=127.0.0.1, 400, bad-request",
        "DELETE, /v1/connections?remote=nowhere, 400, bad-request",
        "DELETE, /v1/connections?id=listener=tcp, 400, bad-request",
        "DELETE, '/v1/connections?id=1,', 400, bad-request",
        "DELETE, /v1/connections?id=1&listener=tcp, 400, bad-request",
        "DELETE, /v1/connections/1?how=gently, 400, bad-request",
        "GET, /v1/connections?how=abort, 400, bad-request",
        "GET, /v1/connections/ended?most=all, 400, bad-request",
        "PUT, /livez, 405, method-not-allowed",
        "DELETE, /v1/drain, 409, not-cancellable",
        "POST, /v1/drain, 415, unsupported-type"
    })
    void aBadRequestIsRefusedWithItsCode(String method, String path, int status, String code) throws Exception {
        AdminClient.Answer answer = admin.ask(method, path).join();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(ConfigFactory.parseString(answer.body()).getString("code")).isEqualTo(code);
        assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8990, 200",
        "10.9.8.7, 200",
        "[::1]:8990, 200",
        "localhost:8990, 200",
        "ops.example.ORG, 200",
        "evil.example.org:8990, 421",
        "127.0.0.1.evil.example.org, 421",
        "localhost.evil.example.org, 421"
    })
    void itIsAskedByAddressesAndKnownNamesOnly(String host, int status) throws Exception {
        String answer = admin.raw("GET /v1/connections HTTP/1.1", "Host: " + host, "Connection: close");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void aPageOfAnotherSiteCanNeitherEndAConnectionNorTheServer() throws Exception {
        String own = "http://127.0.0.1:" + server.adminAddress().getPort();
        for (String foreign : new String[] {"http://evil.example.org", "null", own + "0"}) {
            String host = "Host: " + own.substring("http://".length());
            String[] origin = {host, "Origin: " + foreign, "Content-Type: application/json", "Content-Length: 0"};

            assertThat(admin.raw(join("POST /v1/drain HTTP/1.1", origin)))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("origin-not-allowed");
            assertThat(admin.raw(join("DELETE /v1/connections/1 HTTP/1.1", origin)))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(admin.raw(join("OPTIONS /v1/drain HTTP/1.1", origin)))
                    .startsWith("HTTP/1.1 204 ")
                    .doesNotContain("Access-Control");
        }
        assertThat(admin.raw(join(
                        "DELETE /v1/connections/1 HTTP/1.1",
                        "Host: " + own.substring("http://".length()),
                        "Origin: " + own)))
                .startsWith("HTTP/1.1 404 ");
        assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
    }

    @Test
    void thePageOfThisListenerMayEndTheServerAndOneByAnotherNameMayNot() throws Exception {
        int port = server.adminAddress().getPort();
        for (String host : new String[] {"evil.example.org:" + port, "ops.example.org:" + port}) {
            boolean isKnown = host.startsWith("ops");
            String[] own = {
                "Host: " + host, "Origin: http://" + host, "Content-Type: application/json", "Content-Length: 0"
            };

            assertThat(admin.raw(join("GET / HTTP/1.1", "Host: " + host)))
                    .startsWith(isKnown ? "HTTP/1.1 200 " : "HTTP/1.1 421 ");
            assertThat(admin.raw(join("POST /v1/drain?announceMillis=60000 HTTP/1.1", own)))
                    .startsWith(isKnown ? "HTTP/1.1 202 " : "HTTP/1.1 421 ");
            assertThat(admin.raw(join("DELETE /v1/drain HTTP/1.1", own)))
                    .startsWith(isKnown ? "HTTP/1.1 200 " : "HTTP/1.1 421 ");
        }
        assertThat(server.drainStatus().phase()).isEqualTo(DrainPhase.RUNNING);
    }

    private static String[] join(String line, String... headers) {
        String[] lines = new String[headers.length + 2];
        lines[0] = line;
        System.arraycopy(headers, 0, lines, 1, headers.length);
        lines[headers.length + 1] = "Connection: close";
        return lines;
    }

    @Test
    void adminConnectionsDoNotCountAsClients() throws Exception {
        try (var idle = admin.open()) {
            assertThat(idle.isConnected()).isTrue();
            assertThat(json(admin.get("/v1/connections")).getConfigList("it")).isEmpty();
            assertThat(server.connections().open()).isZero();
        }
    }

    @Test
    void theForecastSaysWhatAStopWouldTake() throws Exception {
        Config forecast = json(admin.get("/v1/drain/forecast")).getConfig("it");

        assertThat(forecast.getLong("connections")).isZero();
        assertThat(forecast.getLong("announceMillis")).isZero();
        assertThat(forecast.getLong("longestMillis")).isGreaterThanOrEqualTo(forecast.getLong("likelyMillis"));
    }
}
