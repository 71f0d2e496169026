package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.ledger.CloseReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bulk posts that do not come to their end: the client is told at once how far they got, and then hears FIN. */
@Timeout(60)
class BulkBreakOffTest {

    private static final Pattern LINE = Pattern.compile("\"line\":(\\d+)");
    private static final Pattern ACCEPTED = Pattern.compile("\"accepted\":(\\d+)");

    private static final long DRIP_INTERVAL_NANOS = 1_000_000;

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private @Nullable Tidegate server;

    @AfterEach
    void stop() {
        if (server != null) {
            TestServer.end(time, server);
        }
    }

    private Tidegate start(String... settings) throws Exception {
        var started = TestServer.start(directory, settings);
        server = started;
        return started;
    }

    private Tidegate startOnTestTime(String... settings) throws Exception {
        var started = TestServer.start(time, directory, settings);
        server = started;
        return started;
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n";
    }

    private static String line(int number) {
        return "{\"collection\":\"c\",\"key\":\"k" + number + "\",\"value\":" + number + "}\n";
    }

    private static HttpSocket post(Tidegate server) throws IOException {
        return new HttpSocket(server)
                .send("POST /v1/updates", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked");
    }

    private static long number(Pattern member, String problem) {
        Matcher found = member.matcher(problem);
        assertThat(found.find()).as(problem).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static void awaitDocument(Tidegate server, int number) {
        Await.until(() -> server.read(new Collection("c"), new Key("k" + number))
                .toCompletableFuture()
                .join()
                .isPresent());
    }

    /** Lines for ever, until the server does not take them any more. */
    private static CompletableFuture<Integer> upload(HttpSocket client, int first) {
        return CompletableFuture.supplyAsync(() -> {
            int number = first;
            try {
                while (number < 1_000_000) {
                    client.sendRaw(chunk(line(number)));
                    number++;
                }
                return number;
            } catch (SocketException e) {
                return number;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void requireEnd(HttpSocket.Response response, HttpSocket client) throws IOException {
        assertThat(response.closes()).isTrue();
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        // A reset would throw.
        assertThat(client.rest()).isEmpty();
    }

    /** What it hears when its time is over. */
    private HttpSocket.Response overdue(HttpSocket client) throws IOException {
        return time.flowsWhile(() -> client.response());
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                Arguments.of("a wrong line", chunk("nonsense\n"), 400, "invalid-json"),
                Arguments.of("silence", "", 408, "timeout"),
                Arguments.of("a line that does not end", chunk("{\"collection\":"), 408, "timeout"),
                Arguments.of("a bad chunk", "zz\r\n", 400, "bad-request"),
                Arguments.of("a long chunk that does not come", "200000\r\n", 408, "timeout"),
                Arguments.of("a chunk without a length", "\r\n", 400, "bad-request"),
                Arguments.of("a cut", null, 400, "bad-request"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaks")
    void whereverItBreaksOffItIsToldWhatWasAccepted(String what, @Nullable String more, int status, String code)
            throws Exception {
        Tidegate started = startOnTestTime("tidegate.http.body-timeout = 1 s");
        try (var client = post(started)) {
            client.sendRaw(chunk(line(1) + line(2)) + chunk(line(3)));
            awaitDocument(started, 3);

            if (more == null) {
                client.halfClose();
            } else {
                client.sendRaw(more);
            }

            var response = status == 408 ? overdue(client) : client.response();
            assertThat(response.status()).as(what).isEqualTo(status);
            assertThat(response.body()).contains("\"code\":\"" + code + "\"", "\"line\":4", "\"accepted\":3");
            assertThat(response.body()).doesNotContain("send it again");
            requireEnd(response, client);
        }
    }

    @Test
    void aWrongLineIsAnsweredWhileTheBodyGoesOn() throws Exception {
        Tidegate started = start();
        try (var client = post(started)) {
            client.sendRaw(chunk(line(1) + "nonsense\n"));
            CompletableFuture<Integer> upload = upload(client, 2);

            var response = client.response();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).contains("\"line\":2", "\"accepted\":1");
            requireEnd(response, client);
            client.leave();
            assertThat(upload.join()).isPositive();
            assertThat(started.position().seq()).isEqualTo(1);
        }
    }

    @Test
    void anUploadThatGoesOnForEverIsAnsweredWhenTheDrainComesToIt() throws Exception {
        Tidegate started = start();
        try (var client = post(started)) {
            CompletableFuture<Integer> upload = upload(client, 1);
            awaitDocument(started, 100);

            var report = started.drain("test").toCompletableFuture();

            var response = client.response();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("retry-after")).isNotEmpty();
            assertThat(response.body()).contains("\"code\":\"draining\"");
            assertThat(number(ACCEPTED, response.body()))
                    .isEqualTo(number(LINE, response.body()) - 1)
                    .isEqualTo(started.position().seq());
            requireEnd(response, client);
            client.leave();
            assertThat(upload.join()).isGreaterThan(100);
            assertThat(report.join().connections().reasons()).containsOnlyKeys(CloseReason.SHUTDOWN);
            assertThat(report.join().connections().aborted()).isZero();
        }
    }

    @Test
    void anUploadThatIsQuietIsAnsweredWhenTheDrainComesToIt() throws Exception {
        Tidegate started = start();
        try (var client = post(started)) {
            client.sendRaw(chunk(line(1) + line(2)) + chunk("{\"collection\""));
            awaitDocument(started, 2);

            var report = started.drain("test").toCompletableFuture();

            var response = client.response();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).contains("\"code\":\"draining\"", "\"line\":3", "\"accepted\":2");
            requireEnd(response, client);
            client.leave();
            assertThat(report.join().connections().aborted()).isZero();
        }
    }

    @Test
    void aDocumentThatDoesNotComeIsNotWaitedForInADrain() throws Exception {
        Tidegate started = start();
        try (var client = new HttpSocket(started)) {
            client.send(
                    "PUT /v1/documents/c/k",
                    "Content-Type: application/json",
                    "Content-Length: 5",
                    "Expect: 100-continue");
            assertThat(client.head().status()).isEqualTo(100);
            client.sendRaw("12");

            var report = started.drain("test").toCompletableFuture();

            var response = client.response();
            assertThat(response.status()).isEqualTo(503);
            requireEnd(response, client);
            client.leave();
            assertThat(report.join().connections().aborted()).isZero();
        }
    }

    @Test
    void aBodyThatDripsIsEndedInTotal() throws Exception {
        Tidegate started = startOnTestTime("tidegate.http.body-timeout = 1 s");
        try (var client = new HttpSocket(started)) {
            client.send("PUT /v1/documents/c/k", "Content-Type: application/json", "Transfer-Encoding: chunked");
            var dripping = new AtomicBoolean(true);
            CompletableFuture<Void> drip = CompletableFuture.runAsync(() -> {
                try {
                    while (dripping.get()) {
                        client.sendRaw(chunk(" "));
                        LockSupport.parkNanos(DRIP_INTERVAL_NANOS);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            var response = overdue(client);

            assertThat(response.status()).isEqualTo(408);
            assertThat(drip).isNotDone();
            dripping.set(false);
            drip.join();
            requireEnd(response, client);
            client.leave();
        }
    }
}
