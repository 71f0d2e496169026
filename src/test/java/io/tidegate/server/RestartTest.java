package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.drain.DrainReport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that ends and begins again on the same port and store, again and again: who follows goes on where it was. */
@Timeout(120)
class RestartTest {

    private static final int LIVES = 3;
    private static final int FOLLOWERS = 4;
    private static final int CHANGES = 25;

    @TempDir
    Path directory;

    /** A follower through all lives. */
    private static final class Follower {

        private String epoch = "";
        private long seq;

        /** Reads up to such a line. */
        void followUpTo(String last, LineClient client) throws Exception {
            String line = "";
            while (!line.contains(last)) {
                line = client.line();
                take(line);
            }
        }

        private void take(String line) {
            if (line.contains("\"put\"")) {
                assertThat(StormClient.seq(line)).isEqualTo(++seq);
            } else {
                assertThat(line).containsAnyOf("subscribed", "caughtup", "goodbye");
                assertThat(StormClient.seq(line)).as(line).isEqualTo(seq);
                epoch = StormClient.text(line, "epoch");
            }
        }

        String request() {
            return epoch.isEmpty() ? "updates" : "updates after " + epoch + ":" + seq;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", SecureClients.TLS_12, SecureClients.TLS_13})
    void followersGoOnAtOnceOnTheSamePortWithoutAGap(String version) throws Exception {
        var way = new Way(version, directory);
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(new Follower());
        }
        int port = 0;
        for (int life = 1; life <= LIVES; life++) {
            Tidegate server = TestServer.start(
                    directory, way.settings(), "tidegate.tcp.port = " + port, "tidegate.drain.spread = 0 s");
            try (server) {
                port = server.tcpAddress().getPort();
                live(server, way, followers);
            }
            assertThat(followers).extracting(follower -> follower.seq).containsOnly((long) life * CHANGES);
        }
    }

    private static void live(Tidegate server, Way way, List<Follower> followers) throws Exception {
        List<LineClient> clients = new ArrayList<>();
        try {
            for (Follower each : followers) {
                LineClient client = way.client(server);
                clients.add(client);
                client.send(each.request());
                each.followUpTo("caughtup", client);
            }
            CompletableFuture<?> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < CHANGES; i++) {
                last = server.publish(Change.put("c", "k" + i, "1")).toCompletableFuture();
            }
            last.join();
            CompletableFuture<DrainReport> report = server.drain("test").toCompletableFuture();
            for (int i = 0; i < clients.size(); i++) {
                followers.get(i).followUpTo("goodbye", clients.get(i));
                assertThat(clients.get(i).read()).isNull();
            }
            var someone = (InetSocketAddress) clients.get(0).socket().getLocalSocketAddress();
            for (LineClient each : clients) {
                each.close();
            }
            assertThat(report.join().completed()).isEqualTo(clients.size());
            assertThat(KernelTable.hasTimeWait(server.tcpAddress(), someone)).isTrue();
        } finally {
            for (LineClient each : clients) {
                each.close();
            }
        }
    }
}
