package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.document.Addresses;
import io.tidegate.document.Change;
import io.tidegate.kafka.KafkaBroker;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import io.tidegate.shared.NodeStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one feed know each other, and a client that is sent away is told where to go on. */
@Timeout(180)
class HopTest {

    @TempDir
    Path directory;

    private final String topic = KafkaBroker.newTopic();
    private final List<Tidegate> nodes = new ArrayList<>();

    private Tidegate start(String name, String... more) throws StartException {
        List<String> settings = new ArrayList<>(List.of(
                "tidegate.feed.order = kafka",
                "tidegate.kafka.bootstrap-servers = [\"" + KafkaBroker.shared().address() + "\"]",
                "tidegate.kafka.replication-factor = 1",
                "tidegate.kafka.topic = " + topic,
                "tidegate.shared.announce-interval = 1 s",
                "tidegate.shared.advertise.name = " + name));
        settings.addAll(List.of(more));
        Tidegate node = TestServer.start(directory.resolve(name), settings.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    @AfterEach
    void end() {
        nodes.parallelStream().forEach(Tidegate::close);
    }

    private static List<NodeStatus> known(Tidegate node) {
        return node.nodes().toCompletableFuture().join();
    }

    private void awaitAcquaintance() {
        Await.until(() -> nodes.stream().allMatch(node -> known(node).stream()
                        .filter(each -> each.node().isOpen() && each.age() != null)
                        .count()
                == nodes.size()));
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
        Tidegate one = start("one");
        List<Tidegate> others = List.of(start("two"), start("three"));
        awaitAcquaintance();
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
            nodes.remove(one);

            List<String> tcp = others.stream()
                    .map(node -> Addresses.shown(node.tcpAddress().getAddress().getHostAddress(), port(node)))
                    .toList();
            List<String> firsts = new ArrayList<>();
            for (LineClient client : clients) {
                List<String> named = nodesOf(client.rest());
                assertThat(named).containsExactlyInAnyOrderElementsOf(tcp);
                firsts.add(named.get(0));
            }
            assertThat(firsts).filteredOn(tcp.get(0)::equals).as("half of them").hasSizeBetween(2, 4);
            assertThat(nodesOf(data(events.rest()))).containsExactlyInAnyOrderElementsOf(urls("http", others));
            assertThat(nodesOf(lines.rest().strip().lines().toList()))
                    .containsExactlyInAnyOrderElementsOf(urls("http", others));
            assertThat(nodesOf(all(socket))).containsExactlyInAnyOrderElementsOf(urls("ws", others));
        }
        Await.until(() -> known(others.get(0)).stream()
                .filter(each -> each.node().name().equals("one"))
                .allMatch(each -> each.node().isLeaving()));
    }

    private static int port(Tidegate node) {
        return node.tcpAddress().getPort();
    }

    private static List<String> urls(String scheme, List<Tidegate> nodes) {
        return nodes.stream()
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
    void anOperatorSpreadsClientsOverAllNodesAndSeesThem() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start(
                "two",
                "tidegate.shared.advertise.tcp = \"node-2.example.org:8989\"",
                "tidegate.shared.advertise.http = \"\"");
        one.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
        awaitAcquaintance();
        try (var client = TestServer.client(one)) {
            client.send("updates").lines(2);

            one.connections()
                    .end(Verb.SHUTDOWN, Which.parse("listener=tcp"))
                    .toCompletableFuture()
                    .join();

            assertThat(new TreeSet<>(nodesOf(client.rest())))
                    .containsExactly("127.0.0.1:" + port(one), "node-2.example.org:8989");
        }
        Await.until(() -> known(one).stream().allMatch(each -> each.node().head() == 1));
        List<? extends Config> rows = json(
                        "rows = " + AdminClient.of(one).get("/v1/nodes").body())
                .getConfigList("rows");
        assertThat(rows).extracting(row -> row.getString("name")).containsExactly("one", "two");
        assertThat(rows).extracting(row -> row.getBoolean("this")).containsExactly(true, false);
        assertThat(rows).extracting(row -> row.getString("state")).containsOnly("ready");
        assertThat(rows).extracting(row -> row.getLong("lag")).containsOnly(0L);
        assertThat(rows.get(1).getString("http")).isEmpty();
        assertThat(rows.get(1).getString("admin"))
                .isEqualTo("http://127.0.0.1:" + two.adminAddress().getPort());
    }
}
