package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program hangs on the stages that it is given runs on no thread that the server needs for others. */
@Timeout(120)
class EmbeddingCallbacksTest {

    private static final String CALLBACKS = "-akka.actor.default-dispatcher-";

    @TempDir
    Path directory;

    private static CompletableFuture<Position> publish(Tidegate server, String key) {
        return server.publish(Change.put("orders", key, "1")).toCompletableFuture();
    }

    private static <T> T result(CompletableFuture<T> of) throws Exception {
        return of.get(20, TimeUnit.SECONDS);
    }

    /** More than there are threads, and each waits for a commit that comes later. */
    @Test
    void whatHangsOnAPublicationMayPublishAndWaitForIt() throws Exception {
        var server = TestServer.start(directory);
        List<CompletableFuture<Position>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String key = "k" + i;
            all.add(publish(server, key).thenApply(first -> publish(server, key).join()));
        }

        for (var each : all) {
            assertThat(result(each).seq()).isGreaterThan(0);
        }
        assertThat(server.position().seq()).isEqualTo(100);
        server.close();
    }

    @Test
    void whatHangsOnAReadMayReadAndWaitForIt() throws Exception {
        var server = TestServer.start(directory);
        result(publish(server, "k"));
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(server.read("orders", "k").toCompletableFuture().thenApply(first -> server.read("orders", "k")
                    .toCompletableFuture()
                    .join()
                    .isPresent()));
        }

        for (var each : all) {
            assertThat(result(each)).isTrue();
        }
        server.close();
    }

    @Test
    void whatHangsOnAPublicationAndTakesItsTimeKeepsNoClientWaiting() throws Exception {
        var server = TestServer.start(directory);
        var running = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        Thread here = Thread.currentThread();
        // What comes before it is hung on has it run here.
        for (int i = 0; i < 10_000 && running.getCount() > 0; i++) {
            var unused = publish(server, "k").thenRun(() -> {
                if (Thread.currentThread() != here && running.getCount() > 0) {
                    running.countDown();
                    await(mayEnd);
                }
            });
        }
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        try (var client = TestServer.client(server)) {
            client.socket().setSoTimeout(20_000);
            client.send("put orders k2 1", "put orders k2 2", "sync");
            assertThat(client.line()).contains("accepted");
            assertThat(client.line()).contains("accepted");
            assertThat(client.line()).contains("document");
            client.halfClose();
        } finally {
            mayEnd.countDown();
        }
        server.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The thread on which that runs which hangs on it. */
    private static CompletableFuture<Thread> threadOf(CompletionStage<?> stage) {
        return stage.handle((result, failure) -> Thread.currentThread()).toCompletableFuture();
    }

    @Test
    void whatHangsOnAnyStageRunsBesideTheProgramsActors() throws Exception {
        var server = TestServer.start(directory);
        Map<String, Supplier<CompletionStage<?>>> stages = new LinkedHashMap<>();
        stages.put("publish", () -> server.publish(Change.put("orders", "k", "1")));
        stages.put("read", () -> server.read("orders", "k"));
        stages.put("nodes", server::nodes);
        stages.put("metrics", server::metrics);
        stages.put("forecast", server::forecast);
        stages.put("reload", () -> server.reload("test"));
        stages.put("collections", server::collections);
        stages.put("compact", server::compact);
        stages.put("connections", () -> server.connections().list());
        stages.put("census", () -> server.connections().census());
        stages.put("end", () -> server.connections().end(Verb.CLOSE, Which.parse("listener=tcp")));
        for (var each : stages.entrySet()) {
            for (int i = 0; i < 20; i++) {
                Thread thread = result(threadOf(each.getValue().get()));
                if (thread != Thread.currentThread()) {
                    assertThat(thread.getName()).as(each.getKey()).contains(CALLBACKS);
                }
            }
        }
        var reported = threadOf(server.report());
        server.close();
        assertThat(result(reported).getName()).contains(CALLBACKS);
    }

    /** Neither who closes it nor who waits for its end waits for what hangs on these. */
    @Test
    void whatHangsOnTheEndDoesNotHoldItUp() throws Exception {
        var server = TestServer.start(directory);
        var mayEnd = new CountDownLatch(1);
        var reported = server.report().thenRun(() -> await(mayEnd)).toCompletableFuture();
        var ended = server.whenTerminated().thenRun(() -> await(mayEnd)).toCompletableFuture();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        try {
            result(closed);
            assertThat(server.awaitEnd().reason()).isEqualTo("close");
            assertThat(ended.isDone()).isFalse();
        } finally {
            mayEnd.countDown();
        }
        result(reported);
        result(ended);
    }
}
