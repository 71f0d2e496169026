package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.TestTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes get in, however many connections wait for nothing. */
@Timeout(60)
class AdminCrowdTest {

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration SPARED = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Tidegate server;

    @AfterEach
    void stop() {
        TestServer.end(time, server);
    }

    private int probe() throws IOException {
        try (var client = HttpSocket.admin(server)) {
            return client.send("GET /livez", "Connection: close").response().status();
        }
    }

    /** So many that were answered, one after the other, and stay: nobody of them is spared any more. */
    private List<HttpSocket> idle(int count) throws IOException {
        List<HttpSocket> idle = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var client = HttpSocket.admin(server);
            // Before its answer comes it is idle already.
            assertThat(client.send("GET /livez").response().status()).isEqualTo(200);
            idle.add(client);
            time.passes(MOMENT);
        }
        time.passes(SPARED);
        return idle;
    }

    private static void leave(List<HttpSocket> clients) throws IOException {
        for (HttpSocket client : clients) {
            client.leave();
        }
    }

    @Test
    void theConnectionThatWasIdleLongestMakesRoom() throws Exception {
        server = TestServer.start(time, directory, "tidegate.admin.max-connections = 3");
        List<HttpSocket> idle = idle(3);

        assertThat(probe()).isEqualTo(200);

        assertThat(idle.get(0).rest()).as("FIN and nothing else").isEmpty();
        leave(idle);
    }

    @Test
    void manyProbesGetInOneAfterTheOther() throws Exception {
        server = TestServer.start(time, directory, "tidegate.admin.max-connections = 8");
        List<HttpSocket> idle = idle(8);

        for (int i = 0; i < 5; i++) {
            assertThat(probe()).isEqualTo(200);
        }
        leave(idle);
    }
}
