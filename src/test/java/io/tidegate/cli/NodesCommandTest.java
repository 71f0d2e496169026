package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import io.tidegate.document.Change;
import io.tidegate.server.Tidegate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list of nodes, for people and for programs. */
@Timeout(60)
class NodesCommandTest {

    private static final String NODES = "["
            + row("a:8989", true, "ready", 40, 0, 1500)
            + ","
            + row("b\\u001b[31m:8989", false, "behind", 7, 33, 9000)
            + ","
            + row("c:8989", false, "leaving", 40, 0, 200)
            + "]";

    @TempDir
    Path directory;

    private static String row(String name, boolean isThis, String state, long head, long lag, long age) {
        return "{\"name\":\"" + name + "\",\"this\":" + isThis + ",\"state\":\"" + state
                + "\",\"version\":\"1.0\",\"head\":" + head + ",\"lag\":" + lag
                + ",\"offset\":900,\"tcp\":\"10.0.0.7:8989\",\"http\":\"\",\"admin\":\"https://10.0.0.7:8990\",\"ageMillis\":"
                + age + "}";
    }

    private static CommandRun listed(String... options) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/nodes", exchange -> {
            byte[] bytes = NODES.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            return CommandRun.of(("nodes --admin " + url + " " + String.join(" ", options))
                    .strip()
                    .split(" "));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void itSaysWhereEachIsHowFarItHasComeAndWhichIsAsked() throws Exception {
        CommandRun run = listed();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly(
                        "NAME|STATE|VERSION|HEAD|LAG|OFFSET|TCP|HTTP|ADMIN|TOLD",
                        "a:8989|this|1.0|40|0|900|10.0.0.7:8989|-|https://10.0.0.7:8990|1s ago",
                        "bU+001B[31m:8989|behind|1.0|7|33|900|10.0.0.7:8989|-|https://10.0.0.7:8990|9s ago",
                        "c:8989|leaving|1.0|40|0|900|10.0.0.7:8989|-|https://10.0.0.7:8990|0s ago");
    }

    @Test
    void aProgramGetsOneObjectALine() throws Exception {
        CommandRun run = listed("--json");

        assertThat(run.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(run.out()).contains("\"lag\":33").contains("\"this\":true");
    }

    @Test
    void aServerThatIsAloneListsItself() throws Exception {
        try (Tidegate server = Tidegate.start(
                ConfigFactory.parseString("tidegate.tcp.port = 0, tidegate.http.port = 0, tidegate.admin.port = 0,"
                        + " tidegate.shared.advertise.name = desk, tidegate.store.directory = \""
                        + directory.resolve("data") + "\""))) {
            server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
            String store = server.storeDirectory();

            CommandRun run = CommandRun.of("nodes", "--store", store);

            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines().skip(1).map(line -> line.strip().replaceAll(" {2,}", "|")))
                    .containsExactly("desk|this|(not packaged)|1|0|0|127.0.0.1:"
                            + server.tcpAddress().getPort() + "|http://127.0.0.1:"
                            + server.httpAddress().getPort() + "|http://127.0.0.1:"
                            + server.adminAddress().getPort() + "|-");
        }
    }
}
