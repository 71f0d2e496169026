package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.client.LineClient;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are changed while the server runs. */
@Timeout(120)
class LiveSettingsTest {

    private static final String PAGE = "https://desk.example";

    @TempDir
    Path directory;

    private final List<String> levels = new ArrayList<>();
    private String told = "";
    private Tidegate server;

    private Config config() {
        return ConfigFactory.parseString("tidegate { tcp.port = 0, http.port = 0, admin.port = 0,"
                        + " connection.max-connections = 2, store.durability = os }\n" + told)
                .withFallback(
                        ConfigFactory.parseString("tidegate.store.directory = \"" + directory.resolve("store") + "\""));
    }

    @BeforeEach
    void start() throws StartException {
        server = Tidegate.start(config());
        server.readSettingsFrom(new SettingsSource() {
            @Override
            public Config read() {
                return config();
            }

            @Override
            public void logAt(String level) {
                levels.add(level);
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Reload reload(String settings) {
        told = settings;
        List<Reloader.Outcome> outcomes =
                server.reload("test").toCompletableFuture().join();
        assertThat(outcomes)
                .hasSize(1)
                .first()
                .extracting(Reloader.Outcome::what)
                .isEqualTo("settings");
        return outcomes.get(0).reload();
    }

    private LineClient connect() throws Exception {
        return LineClient.open("127.0.0.1", server.tcpAddress().getPort());
    }

    /** What a client is told first. */
    private static String answer(LineClient client) throws Exception {
        client.send("ping");
        assertThat(client.lines().next()).isTrue();
        int from = client.lines().from();
        return new String(client.lines().bytes(), from, client.lines().to() - from, StandardCharsets.UTF_8);
    }

    private boolean mayAsk(String page) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + server.httpAddress().getPort() + "/openapi.json"))
                                .header("Origin", page)
                                .build(),
                        BodyHandlers.discarding())
                .headers()
                .firstValue("Access-Control-Allow-Origin")
                .isPresent();
    }

    @Test
    void whatMayChangeIsTakenOverAtOnce() throws Exception {
        try (LineClient one = connect();
                LineClient two = connect()) {
            assertThat(answer(one)).contains("pong");
            assertThat(answer(two)).contains("pong");
            try (LineClient refused = connect()) {
                assertThat(answer(refused)).contains("too-many-connections");
            }

            Reload reload = reload("tidegate { connection.max-connections = 4, log.level = debug }");

            assertThat(reload.result()).isEqualTo(Reload.Result.RELOADED);
            assertThat(reload.line())
                    .isEqualTo("tidegate.connection.max-connections = 4, tidegate.log.level = \"debug\"");
            assertThat(levels).containsExactly("DEBUG");
            try (LineClient three = connect()) {
                assertThat(answer(three)).contains("pong");
            }
        }
    }

    @Test
    void pagesAreAllowedAndNotAnyMore() throws Exception {
        assertThat(mayAsk(PAGE)).isFalse();

        assertThat(reload("tidegate.http.allowed-origins = [\"" + PAGE + "\"]").result())
                .isEqualTo(Reload.Result.RELOADED);
        assertThat(mayAsk(PAGE)).isTrue();

        assertThat(reload("").result()).isEqualTo(Reload.Result.RELOADED);
        assertThat(mayAsk(PAGE)).isFalse();
        assertThat(reload("").result()).isEqualTo(Reload.Result.UNCHANGED);
    }

    @Test
    void whereOneIsWrongNoneIsTakenOver() throws Exception {
        Reload reload = reload("tidegate { http.allowed-origins = [\"" + PAGE + "\"], access.limits.connections = 0 }");

        assertThat(reload.result()).isEqualTo(Reload.Result.REFUSED);
        assertThat(reload.line())
                .contains("tidegate.access.limits.connections", "1 to 1000000")
                .doesNotContain("\n");
        assertThat(mayAsk(PAGE)).isFalse();
    }

    @Test
    void whereOneCannotChangeNoneIsTakenOver() throws Exception {
        Reload reload =
                reload("tidegate { http.allowed-origins = [\"" + PAGE + "\"], http.backlog = 7, log.level = warn }");

        assertThat(reload)
                .isEqualTo(
                        Reload.refused("tidegate.http.backlog cannot change while the server runs, and so nothing has:"
                                + " take that back, or restart the server"));
        assertThat(levels).isEmpty();
        assertThat(mayAsk(PAGE)).isFalse();
    }
}
