package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No request starts a thread. Where there are two processors or fewer, what is composed with a future of Scala's does; with more
 * the threads of the common pool are few, and this test shows nothing.
 */
@Timeout(60)
class StartedThreadsTest {

    private static final int REQUESTS = 100;

    /** The server's own threads start when they are needed for the first time. */
    private static final int WARM_UP = 50;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private interface Request {
        void send(int number) throws Exception;
    }

    private static long startedThreadsOf(Request request) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            request.send(i);
        }
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getTotalStartedThreadCount();
        for (int i = 0; i < REQUESTS; i++) {
            request.send(i);
        }
        return threads.getTotalStartedThreadCount() - before;
    }

    private static void requireNone(Request request) throws Exception {
        // Others of this machine may start one now and then.
        assertThat(startedThreadsOf(request)).isLessThan(REQUESTS / 2);
    }

    private static void exchange(HttpSocket client, String request) throws IOException {
        assertThat(client.sendRaw(request).response().status()).isBetween(200, 204);
    }

    private static String put(String framing) {
        return "PUT /v1/documents/c/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + framing;
    }

    @Test
    void writesStartNoThreads() throws Exception {
        String line = "{\"collection\":\"c\",\"key\":\"k\",\"value\":1}\n";
        try (var client = new HttpSocket(server)) {
            requireNone(i -> exchange(client, put("Content-Length: 1\r\n\r\n1")));
            requireNone(i -> exchange(client, put("Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n")));
            requireNone(i -> {
                client.sendRaw(put("Content-Length: 1\r\nExpect: 100-continue\r\n\r\n"));
                assertThat(client.head().status()).isEqualTo(100);
                exchange(client, "1");
            });
            requireNone(i -> exchange(
                    client,
                    "POST /v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
                            + line.length() + "\r\n\r\n" + line));
            requireNone(i -> exchange(client, "DELETE /v1/documents/c/k HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }
    }

    @Test
    void readsStartNoThreads() throws Exception {
        try (var client = new HttpSocket(server)) {
            exchange(client, put("Content-Length: 1\r\n\r\n1"));
            requireNone(i -> exchange(client, "GET /v1/documents HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            requireNone(i -> exchange(client, "GET /v1/documents/c/k HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }
    }

    @Test
    void questionsOfOperatorsStartNoThreads() throws Exception {
        requireNone(i -> server.metrics().toCompletableFuture().join());
        requireNone(i -> server.forecast().toCompletableFuture().join());
        requireNone(i -> server.connections()
                .end(Verb.SHUTDOWN, new Which.Id(-1))
                .toCompletableFuture()
                .join());
        requireNone(i -> server.connections().list().toCompletableFuture().join());
    }
}
