package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client says and hears. */
class DialogueTest {

    @TempDir
    Path directory;

    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LineClient client() throws Exception {
        return TestServer.client(server);
    }

    @Test
    void putIsAcceptedAndShownBySync() throws Exception {
        try (var client = client()) {
            client.send("put orders o-17 {\"qty\":5}", "sync");

            assertThat(client.lines(4))
                    .containsExactly(
                            "{\"event\":\"accepted\",\"seq\":1}",
                            "{\"event\":\"snapshot\",\"documents\":1}",
                            "{\"event\":\"document\",\"collection\":\"orders\",\"key\":\"o-17\",\"value\":{\"qty\":5}}",
                            "{\"event\":\"synced\",\"epoch\":\""
                                    + server.position().epoch() + "\",\"seq\":1,\"documents\":1}");
        }
    }

    @Test
    void updatesAreFollowedInOrder() throws Exception {
        String epoch = server.position().epoch();
        try (var follower = client();
                var publisher = client()) {
            follower.send("updates");
            assertThat(follower.line()).isEqualTo("{\"event\":\"subscribed\",\"epoch\":\"" + epoch + "\",\"seq\":0}");
            assertThat(follower.line()).isEqualTo("{\"event\":\"caughtup\",\"epoch\":\"" + epoch + "\",\"seq\":0}");

            publisher.send("put orders o-17 {\"qty\":6}", "delete orders o-17");

            assertThat(follower.lines(2))
                    .containsExactly(
                            "{\"event\":\"put\",\"seq\":1,\"collection\":\"orders\",\"key\":\"o-17\",\"value\":{\"qty\":6}}",
                            "{\"event\":\"delete\",\"seq\":2,\"collection\":\"orders\",\"key\":\"o-17\"}");
        }
    }

    @Test
    void halfClosingClientGetsEveryAnswer() throws Exception {
        try (var client = client()) {
            client.send("put a k 1", "ping", "sync").halfClose();

            List<String> lines = client.rest();

            assertThat(lines).hasSize(5);
            assertThat(lines.get(1)).isEqualTo("{\"event\":\"pong\"}");
        }
    }

    @Test
    void quitIsAnsweredByGoodbyeAndFin() throws Exception {
        try (var client = client()) {
            client.send("put a k 1", "quit", "put a k 2");

            assertThat(client.rest())
                    .containsExactly(
                            "{\"event\":\"accepted\",\"seq\":1}",
                            "{\"event\":\"goodbye\",\"reason\":\"quit\",\"epoch\":\""
                                    + server.position().epoch()
                                    + "\",\"seq\":1,\"reconnectAfterMs\":0,\"comeBack\":\"as-is\"}");
        }
    }

    @Test
    void mistakesAreAnsweredAndTheConnectionLivesOn() throws Exception {
        try (var client = client()) {
            client.send("put a k {\"x\":", "frobnicate", "put a", "updates after nonsense", "")
                    .send("ping");
            client.sendRaw("put a k \"\u00e9\"\r\n".getBytes(StandardCharsets.ISO_8859_1));
            client.send("ping\r");

            assertThat(client.lines(8))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"invalid-json\""),
                            line -> assertThat(line).contains("\"unknown-request\""),
                            line -> assertThat(line).contains("\"bad-request\""),
                            line -> assertThat(line).contains("\"bad-request\""),
                            line -> assertThat(line).contains("\"unknown-request\""),
                            line -> assertThat(line).contains("pong"),
                            line -> assertThat(line).contains("\"invalid-json\""),
                            line -> assertThat(line).contains("pong"));
        }
    }

    @Test
    void drainSaysGoodbyeToFollowersAndRebindsAtOnce() throws Exception {
        try (var follower = client()) {
            follower.send("follow");
            follower.lines(3);

            var report = server.drain("test").toCompletableFuture();

            assertThat(follower.rest()).singleElement().asString().contains("\"goodbye\",\"reason\":\"shutdown\"");
            follower.halfClose();
            assertThat(report.join().completed()).isEqualTo(1);
            assertThat(report.join().aborted()).isZero();
        }
    }
}
