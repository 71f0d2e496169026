package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where no thread can be made any more, a server that was started goes on: it needs none. */
@Timeout(120)
class ThreadsTest {

    @TempDir
    Path directory;

    private static Set<String> pooled() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(
                        name -> name.matches(
                                "tidegate-.*(akka\\.actor\\.default-|internal-|selector|connections|commit|read|turns|welcome).*"))
                .collect(Collectors.toSet());
    }

    @Test
    void noPoolEndsForWantOfWork() {
        ConfigObject pools =
                ConfigFactory.parseResources(Tidegate.class, "akka.conf").getObject("tidegate-dispatchers");

        assertThat(pools).hasSizeGreaterThan(4).allSatisfy((name, pool) -> assertThat(
                        ((ConfigObject) pool).toConfig().getDuration("shutdown-timeout"))
                .as(name)
                .isGreaterThan(Duration.ofDays(1)));
    }

    @Test
    void everyPooledThreadIsMadeAtTheStart() throws Exception {
        try (Tidegate server = TestServer.start(directory)) {
            Set<String> atStart = pooled();
            assertThat(atStart).hasSizeGreaterThanOrEqualTo(2 + 2 + 1 + 4 + 1 + 1);
            List<LineClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                LineClient client = TestServer.client(server).send("put orders k" + i + " 1", "sync", "updates");
                while (!client.line().contains("subscribed")) {
                    // The answers, and the documents.
                    assertThat(client.socket().isConnected()).isTrue();
                }
                clients.add(client);
                server.publish(Change.put("orders", "a", "1"))
                        .toCompletableFuture()
                        .join();
                server.read(new Collection("orders"), new Key("a"))
                        .toCompletableFuture()
                        .join();
            }
            try (var http = new HttpSocket(server)) {
                assertThat(http.send("GET /v1/documents").response().status()).isEqualTo(200);
            }

            assertThat(pooled()).isEqualTo(atStart);
            for (LineClient client : clients) {
                client.close();
            }
        }
    }
}
