package io.tidegate.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.server.Tidegate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/embedding.md} and {@code docs/java.md} say what compiles and runs. */
@Timeout(120)
class EmbeddingDocumentTest {

    @Test
    void theExampleRuns(@TempDir Path directory) throws Exception {
        var report = EmbeddingExample.run(directory.resolve("data").toString());

        assertThat(report.updates()).isEqualTo(1);
        assertThat(report.reason()).isEqualTo("end of day");
    }

    @Test
    void theCounterCounts(@TempDir Path directory) throws Exception {
        var config = ConfigFactory.parseMap(Map.of(
                "tidegate.tcp.port",
                0,
                "tidegate.http.port",
                0,
                "tidegate.admin.port",
                0,
                "tidegate.store.directory",
                directory.resolve("data").toString()));

        try (Tidegate server = Tidegate.start(config)) {
            assertThat(CounterExample.countVisit(server).seq()).isEqualTo(1);
            assertThat(CounterExample.countVisit(server).seq()).isEqualTo(2);
            assertThat(server.read("counters", "visits").toCompletableFuture().join())
                    .map(visits -> visits.value().toString())
                    .contains("2");
        }
    }

    @Test
    void theClientFollowsAndPublishes(@TempDir Path directory) throws Exception {
        var config =
                ConfigFactory.parseString("tidegate { http.port = 0, admin.port = 0, tcp.port = 0, store.directory = \""
                        + directory.resolve("data") + "\" }");
        try (Tidegate server = Tidegate.start(config)) {
            URI address = URI.create("tcp://127.0.0.1:" + server.tcpAddress().getPort());

            assertThat(ClientExample.watchOrders(address)).isEqualTo(server.position());
        }
        assertThat(Files.readString(Path.of("docs", "java.md"))).contains(shown("ClientExample.java"));
    }

    @Test
    void theDocumentShowsTheExampleAndTheScenarioAsTheyAreCompiled() throws Exception {
        String document = Files.readString(Path.of("docs", "embedding.md"));

        assertThat(document).contains(shown("EmbeddingExample.java"));
        assertThat(document).contains(shown("CounterExample.java"));
        assertThat(document).contains(shown("FollowerExample.java"));
        assertThat(document).contains(shown("ManagerScenarioTest.java"));
    }

    /** The part of a source file between its two markers, moved to the left margin. */
    private static String shown(String file) throws Exception {
        String source = Files.readString(Path.of("src", "test", "java", "io", "tidegate", "example", file));
        int from = source.indexOf('\n', source.indexOf("// example begins")) + 1;
        int to = source.lastIndexOf('\n', source.indexOf("// example ends"));
        return source.substring(from, to).stripIndent();
    }
}
