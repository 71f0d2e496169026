package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.admin.ConnectionsBean;
import io.tidegate.admin.ServerBean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the audit of a server says. */
@Timeout(120)
class AuditedTest {

    private static final String SECRET = "tg_doNotTell";

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final TestIdentities identities = new TestIdentities()
            .with("desk", TestIdentities.rights("*", "*", false))
            .with("operator", TestIdentities.rights("", "", true));

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        file = directory.resolve("audit.log");
        server = TestServer.start(
                time,
                new Access(identities, Attempts.UNCOUNTED, time.wallClock()),
                directory,
                "tidegate.audit.file = \"" + file + "\"");
    }

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    /** All that is there once there are so many, without their times. */
    private List<String> events(int count) {
        Await.until(() -> read().size() >= count);
        assertThat(read()).allSatisfy(line -> assertThat(line).doesNotContain(SECRET));
        return read().stream()
                .map(line -> line.replaceFirst("\"time\":\"[^\"]*\",", ""))
                .toList();
    }

    private List<String> read() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private int admin(String name, String requestLine) throws IOException {
        try (var client = HttpSocket.admin(server)) {
            return client.send(requestLine, bearer(TestIdentities.tokenOf(name)), "Content-Type: application/json")
                    .response()
                    .status();
        }
    }

    private static String refused(String reason, String listener, String transport) {
        return "{\"event\":\"refused\",\"reason\":\"" + reason + "\",\"address\":\"127.0.0.1\",\"listener\":\""
                + listener + "\",\"transport\":\"" + transport + "\"}";
    }

    @Test
    void whoIsNobodyIsToldOfByListener() throws Exception {
        try (LineClient client = TestServer.client(server).send("auth " + SECRET)) {
            assertThat(client.line()).contains("unauthenticated");
        }
        try (var client = new HttpSocket(server)) {
            assertThat(client.send("GET /v1/documents?after=" + SECRET, bearer(SECRET))
                            .response()
                            .status())
                    .isEqualTo(401);
            assertThat(client.send("GET /v1/documents?ticket=doNotTell")
                            .response()
                            .status())
                    .isEqualTo(401);
        }
        try (var client = HttpSocket.admin(server)) {
            assertThat(client.send("GET /v1/server", bearer(SECRET)).response().status())
                    .isEqualTo(401);
        }

        assertThat(events(4))
                .containsExactlyInAnyOrder(
                        refused("unknown", "tcp", "tcp"),
                        refused("unknown", "http", "http"),
                        refused("ticket", "http", "http"),
                        refused("unknown", "admin", "http"));
    }

    @Test
    void operatorsAreToldOfByNameAndByWhatTheyDid() throws Exception {
        try (LineClient client = TestServer.client(server).send("auth " + TestIdentities.tokenOf("desk"), "ping")) {
            client.lines(2);
            assertThat(admin("operator", "GET /v1/connections")).isEqualTo(200);
            assertThat(admin("desk", "POST /v1/drain")).isEqualTo(403);
            assertThat(admin("operator", "DELETE /v1/connections?identity=nobody%0A%22"))
                    .isEqualTo(404);
            assertThat(admin("operator", "DELETE /v1/connections?identity=desk&how=close"))
                    .isEqualTo(200);
            assertThat(admin("operator", "POST /v1/reload")).isEqualTo(200);
        }

        String by = "\"by\":\"http\",\"identity\":\"operator\",\"address\":\"127.0.0.1\"";
        assertThat(events(3))
                .containsExactly(
                        "{\"event\":\"refused\",\"reason\":\"forbidden\",\"identity\":\"desk\",\"address\":\"127.0.0.1\","
                                + "\"listener\":\"admin\",\"transport\":\"http\"}",
                        "{\"event\":\"operated\",\"act\":\"end-connections\"," + by
                                + ",\"how\":\"close\",\"which\":\"identity=desk\"}",
                        "{\"event\":\"operated\",\"act\":\"reload\"," + by + "}");
    }

    @Test
    void howLongAStopIsAnnouncedIsToldWithIt() throws Exception {
        assertThat(admin("operator", "POST /v1/drain?announceMillis=3600000")).isEqualTo(202);
        assertThat(admin("operator", "DELETE /v1/drain")).isEqualTo(200);

        String by = "\"by\":\"http\",\"identity\":\"operator\",\"address\":\"127.0.0.1\"";
        assertThat(events(2))
                .containsExactly(
                        "{\"event\":\"operated\",\"act\":\"drain\"," + by + ",\"announceMillis\":\"3600000\"}",
                        "{\"event\":\"operated\",\"act\":\"cancel-drain\"," + by + "}");
    }

    @Test
    void whoComesByJmxIsToldOfToo() {
        assertThat(new ConnectionsBean(server.connections(), server.audit()).end("abort", "listener=none"))
                .isZero();
        var unused = new ServerBean(server).reload();
        new ServerBean(server).shutdown();

        assertThat(events(3))
                .containsExactlyInAnyOrder(
                        "{\"event\":\"operated\",\"act\":\"end-connections\",\"by\":\"jmx\",\"how\":\"abort\",\"which\":\"listener=none\"}",
                        "{\"event\":\"operated\",\"act\":\"reload\",\"by\":\"jmx\"}",
                        "{\"event\":\"operated\",\"act\":\"drain\",\"by\":\"jmx\"}");
    }

    @Test
    void theEndOfARightIsToldWithItsConnection() throws Exception {
        try (LineClient client = TestServer.client(server).send("auth " + TestIdentities.tokenOf("desk"), "follow")) {
            client.line();
            identities.revoke("desk");
            time.passes(Duration.ofSeconds(2));
            assertThat(client.rest()).last().asString().contains("revoked");
        }

        assertThat(events(1))
                .singleElement()
                .asString()
                .matches(
                        "\\{\"event\":\"ended\",\"reason\":\"revoked\",\"identity\":\"desk\",\"address\":\"127.0.0.1\","
                                + "\"listener\":\"tcp\",\"transport\":\"tcp\",\"connection\":\\d+}");
    }

    @Test
    void aFileThatCannotBeWrittenStopsTheStart() {
        String none = directory.resolve("none").resolve("audit.log").toString();

        assertThatThrownBy(() -> TestServer.start(directory.resolve("other"), "tidegate.audit.file = \"" + none + "\""))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.audit.file")
                .hasMessageContaining("its directory has to be there");
    }
}
