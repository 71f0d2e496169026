package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.checkpoint.Fetch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see and operate a server that has identities. */
@Timeout(120)
class AdminIdentityTest {

    private static final List<String> ROUTES = List.of(
            "GET /v1/server",
            "GET /v1/connections",
            "GET /v1/connections/ended",
            "GET /v1/connections/4711",
            "DELETE /v1/connections/4711",
            "DELETE /v1/connections?identity=nobody",
            "POST /v1/checkpoints",
            "GET /v1/checkpoints/some/CURRENT",
            "DELETE /v1/checkpoints/some",
            "GET /v1/nodes",
            "GET /v1/drain",
            "POST /v1/drain",
            "DELETE /v1/drain",
            "GET /v1/drain/forecast",
            "GET /nothing",
            "GET /console",
            "GET /console%2Fmain.js/x",
            "GET /v1/livez");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final TestIdentities identities = new TestIdentities()
            .with("reader", TestIdentities.rights("*", "*", false))
            .with("operator", TestIdentities.rights("", "", true));

    private static HttpSocket.Response ask(Tidegate server, String requestLine, String... headers) throws IOException {
        try (var client = HttpSocket.admin(server)) {
            return client.send(requestLine, headers).response();
        }
    }

    private static String bearer(String name) {
        return "Authorization: Bearer " + TestIdentities.tokenOf(name);
    }

    private Tidegate start(String... settings) throws StartException {
        return TestServer.start(
                time, new Access(identities, Attempts.UNCOUNTED, time.wallClock()), directory, settings);
    }

    @Test
    void aCopyOfTheStoreIsForWhoHasTheRightAdmin() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Tidegate server = start();
        try {
            URI admin = URI.create("http://127.0.0.1:" + server.adminAddress().getPort());
            HttpClient client = HttpClient.newHttpClient();

            assertThatThrownBy(() -> new Fetch(admin, TestIdentities.tokenOf("reader"), client, PATIENCE).into(copy))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it answers with status 403: ");
            assertThatThrownBy(() -> new Fetch(admin, "", client, PATIENCE).into(copy))
                    .hasMessageContaining("401");
            assertThat(new Fetch(admin, TestIdentities.tokenOf("operator"), client, PATIENCE)
                            .into(copy)
                            .bytes())
                    .isPositive();
            assertThat(copy.resolve("CURRENT")).exists();
        } finally {
            TestServer.end(time, server);
        }
    }

    @Test
    void everyRouteNeedsTheRightAdmin() throws Exception {
        // Time stands still, so those that have ended still take their places.
        Tidegate server = start("tidegate.admin.max-connections = 1000");
        try {
            for (String route : ROUTES) {
                assertThat(ask(server, route).status()).as(route).isEqualTo(401);
                assertThat(ask(server, route, bearer("nobody")).header("WWW-Authenticate"))
                        .as(route)
                        .contains("invalid_token");
                HttpSocket.Response refused = ask(server, route, bearer("reader"));
                assertThat(refused.status()).as(route).isEqualTo(403);
                assertThat(refused.body()).contains("\"forbidden\"");
                assertThat(ask(server, route, "Cookie: __Host-tidegate=token-operator")
                                .status())
                        .as(route)
                        .isEqualTo(401);
                assertThat(ask(server, route, bearer("operator")).status())
                        .as(route)
                        .isNotIn(401, 403)
                        .isLessThan(500);
            }
        } finally {
            TestServer.end(time, server);
        }
    }

    @Test
    void theFilesOfTheConsoleAreForEverybodyAndNothingElseIs() throws Exception {
        Tidegate server = start();
        try {
            for (String file :
                    List.of("/", "/console/main.js", "/console/console.css", "/console/uplot/uPlot.esm.js")) {
                HttpSocket.Response answer = ask(server, "GET " + file);
                assertThat(answer.status()).as(file).isEqualTo(200);
                assertThat(answer.header("Content-Security-Policy"))
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe");
                assertThat(ask(server, "GET " + file, "If-None-Match: " + answer.header("ETag"))
                                .status())
                        .isEqualTo(304);
                assertThat(ask(server, "POST " + file, "Content-Length: 0").status())
                        .isEqualTo(405);
            }
            // By its name it is the console's, by its path it is nothing.
            assertThat(ask(server, "GET /console%2Fmain.js").status()).isEqualTo(404);
        } finally {
            TestServer.end(time, server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void probesAreOpenAndMetricsIfThatIsWanted(String openMetrics) throws Exception {
        Tidegate server = start("tidegate.admin.open-metrics = " + openMetrics);
        try {
            assertThat(ask(server, "GET /livez").status()).isEqualTo(200);
            assertThat(ask(server, "GET /readyz").status()).isEqualTo(200);
            assertThat(ask(server, "GET /metrics").status()).isEqualTo(openMetrics.equals("on") ? 200 : 401);
            assertThat(ask(server, "GET /metrics", bearer("operator")).status()).isEqualTo(200);
        } finally {
            TestServer.end(time, server);
        }
    }
}
