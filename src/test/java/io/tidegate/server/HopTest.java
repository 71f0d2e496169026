package io.tidegate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.kafka.KafkaBroker;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import io.tidegate.shared.NodeStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one feed know each other, and a client that is sent away is told where to go on. One of the three is drained by a test. */
@Timeout(180)
class HopTest {

    @TempDir
    static Path directory;

    private static final String TOPIC = KafkaBroker.newTopic();
    private static final List<Tidegate> NODES = new ArrayList<>();

    @BeforeAll
    static void begin() throws Exception {
        start("one");
        start("two");
        start(
                "three",
                "tidegate.shared.advertise.tcp = \"node-3.example.org:8989\"",
                "tidegate.shared.advertise.admin = \"\"");
        Await.until(() -> NODES.stream()
                .allMatch(node -> known(node).stream()
                                .filter(each -> each.node().isOpen() && each.age() != null)
                                .count()
                        == NODES.size()));
    }

    private static void start(String name, String... more) throws StartException {
        List<String> settings = new ArrayList<>(List.of(
                "tidegate.feed.order = kafka",
                "tidegate.kafka.bootstrap-servers = [\"" + KafkaBroker.shared().address() + "\"]",
                "tidegate.kafka.replication-factor = 1",
                "tidegate.kafka.topic = " + TOPIC,
                "tidegate.shared.announce-interval = 1 s",
                "tidegate.shared.advertise.name = " + name));
        settings.addAll(List.of(more));
        NODES.add(TestServer.start(directory.resolve(name), settings.toArray(String[]::new)));
    }

    @AfterAll
    static void end() {
        NODES.parallelStream().forEach(Tidegate::close);
    }

    private static List<NodeStatus> known(Tidegate node) {
        return node.nodes().toCompletableFuture().join();
    }

    private static Config json(String line) {
        return ConfigFactory.parseString(line);
    }

    private static List<String> nodesOf(List<String> lines) {
        String goodbye = lines.get(lines.size() - 1);
        assertThat(goodbye).contains("\"event\":\"goodbye\"");
        return json(goodbye).getStringList("nodes");
    }

    @Test
    void whoeverFollowsANodeThatDrainsIsToldTheOthers() throws Exception {
        Tidegate one = NODES.get(0);
        List<String> tcp = List.of("127.0.0.1:" + port(NODES.get(1)), "node-3.example.org:8989");
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(TestServer.client(one).send("updates"));
            clients.get(i).lines(2);
        }
        try (var events = new HttpSocket(one);
                var lines = new HttpSocket(one);
                var socket = new WebSocketLines(one, "/v1/socket")) {
            events.send("GET /v1/updates", "Accept: text/event-stream").head();
            lines.send("GET /v1/updates", "Accept: application/x-ndjson").head();
            socket.send("updates");
            Await.until(() -> one.connections().open() == 9);

            one.close();

            List<String> firsts = new ArrayList<>();
            for (LineClient client : clients) {
                List<String> named = nodesOf(client.rest());
                assertThat(named).containsExactlyInAnyOrderElementsOf(tcp);
                firsts.add(named.get(0));
            }
            assertThat(firsts).filteredOn(tcp.get(0)::equals).as("half of them").hasSizeBetween(2, 4);
            assertThat(nodesOf(data(events.rest()))).containsExactlyInAnyOrderElementsOf(urls("http"));
            assertThat(nodesOf(lines.rest().strip().lines().toList()))
                    .containsExactlyInAnyOrderElementsOf(urls("http"));
            assertThat(nodesOf(all(socket))).containsExactlyInAnyOrderElementsOf(urls("ws"));
        }
        Await.until(() -> NODES.subList(1, 3).stream().allMatch(HopTest::knowsThatOneLeaves));
    }

    private static boolean knowsThatOneLeaves(Tidegate node) {
        return known(node).stream()
                .anyMatch(
                        each -> each.node().name().equals("one") && each.node().isLeaving());
    }

    private static int port(Tidegate node) {
        return node.tcpAddress().getPort();
    }

    private static List<String> urls(String scheme) {
        return NODES.subList(1, 3).stream()
                .map(node -> scheme + "://127.0.0.1:" + node.httpAddress().getPort())
                .toList();
    }

    private static List<String> data(String events) {
        return events.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    private static List<String> all(WebSocketLines socket) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String line = socket.read(); line != null; line = socket.read()) {
            lines.add(line);
        }
        return lines;
    }

    @Test
    void whomAnOperatorSendsAwayIsToldThisNodeAsWell() throws Exception {
        Tidegate two = NODES.get(1);
        try (var client = TestServer.client(two)) {
            client.send("updates").lines(2);
            Await.until(() -> two.connections().open() == 1);

            two.connections()
                    .end(Verb.SHUTDOWN, Which.parse("listener=tcp"))
                    .toCompletableFuture()
                    .join();

            assertThat(nodesOf(client.rest())).contains("127.0.0.1:" + port(two), "node-3.example.org:8989");
        }
    }

    @Test
    void eachListsAllAsTheyToldOfThemselves() throws Exception {
        Tidegate two = NODES.get(1);
        long head = two.publish(Change.put("c", "k", "1"))
                .toCompletableFuture()
                .join()
                .seq();
        Await.until(() -> known(two).stream()
                .filter(each -> each.node().isOpen())
                .allMatch(each -> each.node().head() == head));

        Map<String, Config> rows =
                json("rows = " + AdminClient.of(two).get("/v1/nodes").body()).getConfigList("rows").stream()
                        .collect(Collectors.toMap(row -> row.getString("name"), Function.identity()));

        assertThat(requireNonNull(rows.get("two")).getBoolean("this")).isTrue();
        Config three = requireNonNull(rows.get("three"));
        assertThat(three.getBoolean("this")).isFalse();
        assertThat(three.getString("state")).isEqualTo("ready");
        assertThat(three.getLong("lag")).isZero();
        assertThat(three.getLong("offset")).isPositive();
        assertThat(three.getString("tcp")).isEqualTo("node-3.example.org:8989");
        assertThat(three.getString("http"))
                .isEqualTo("http://127.0.0.1:" + NODES.get(2).httpAddress().getPort());
        assertThat(three.getString("admin")).isEmpty();
    }
}
