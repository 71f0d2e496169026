package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.client.FakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are told to end: they say where they are, and leave in good order. */
@Timeout(120)
class InterruptionTest {

    private static final int SIGTERM_EXIT = 143;

    @Test
    void aLoadThatIsInterruptedSaysHowToGoOn() throws Exception {
        var accepted = new CountDownLatch(1);
        try (var server = FakeServer.with(peer -> {
                    peer.hear();
                    peer.say("{\"event\":\"accepted\",\"seq\":1}");
                    peer.hear();
                    peer.say("{\"event\":\"accepted\",\"seq\":2}");
                    peer.hear();
                    accepted.countDown();
                    peer.awaitGone();
                });
                var load = CommandProcess.start(
                        "load",
                        "-",
                        "--collection",
                        "c",
                        "--key",
                        "id",
                        "--window",
                        "2",
                        "--port",
                        "" + server.port())) {
            // The third is sent when the first two are accepted: the window has two.
            load.say("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n{\"id\":4}\n");
            accepted.await();

            load.terminate();

            assertThat(load.err())
                    .matches("tidegate: interrupted; (line 1 is|lines 1 to 2 are) durable, go on with --skip [12]\\R");
            assertThat(load.awaitExit()).isEqualTo(SIGTERM_EXIT);
        }
    }

    private static final String SUBSCRIBED = "{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":10}";
    private static final String GOODBYE =
            "{\"event\":\"goodbye\",\"reason\":\"quit\",\"epoch\":\"k7\",\"seq\":10,\"reconnectAfterMs\":0}";

    @Test
    void aFollowerThatIsInterruptedSaysQuitAndReadsToTheEnd() throws Exception {
        try (var server = FakeServer.with(peer -> {
                    peer.expect("follow");
                    peer.say(SUBSCRIBED);
                    peer.expect("quit");
                    peer.say(GOODBYE);
                });
                var follow = CommandProcess.start("follow", "--port", "" + server.port())) {
            assertThat(follow.out().readLine()).isEqualTo(SUBSCRIBED);

            follow.terminate();

            assertThat(follow.awaitExit()).isEqualTo(SIGTERM_EXIT);
            assertThat(follow.err()).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFollowerWhoseOutputNobodyReadsLeavesAtAHeartbeat() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = FakeServer.with(peer -> {
                    peer.expect("updates");
                    peer.say(SUBSCRIBED);
                    awaitUninterruptibly(closed);
                    peer.say("{\"event\":\"heartbeat\",\"seq\":10}");
                    peer.expect("quit");
                    peer.say(GOODBYE);
                });
                var follow = CommandProcess.start("follow", "--new", "--port", "" + server.port())) {
            assertThat(follow.out().readLine()).isEqualTo(SUBSCRIBED);

            follow.closeOut();
            closed.countDown();

            assertThat(follow.awaitExit()).isZero();
            assertThat(follow.err()).isEmpty();
        }
    }

    @Test
    void anExportThatIsInterruptedLeavesTheFileAsItWas(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("out.nd"), "before");
        var begun = new CountDownLatch(1);
        try (var server = FakeServer.with(peer -> {
                    peer.expect("sync");
                    peer.say("{\"event\":\"document\",\"collection\":\"c\",\"key\":\"a\",\"value\":1}");
                    begun.countDown();
                    peer.awaitGone();
                });
                var export = CommandProcess.start("export", file.toString(), "--port", "" + server.port())) {
            begun.await();

            export.terminate();

            assertThat(export.err())
                    .isEqualToIgnoringNewLines("tidegate: interrupted; " + file + " is as it was before");
            assertThat(export.awaitExit()).isEqualTo(SIGTERM_EXIT);
        }
        assertThat(directory.toFile().list()).containsExactly("out.nd");
        assertThat(file).hasContent("before");
    }

    @Test
    void aDeletionThatIsInterruptedSaysHowFarItCame() throws Exception {
        var accepted = new CountDownLatch(1);
        try (var server = FakeServer.with(
                        peer -> {
                            peer.expect("sync c");
                            peer.say(
                                    "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"a\",\"value\":1}",
                                    "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"b\",\"value\":1}",
                                    "{\"event\":\"synced\",\"epoch\":\"k7\",\"seq\":2}");
                        },
                        peer -> {
                            peer.hear();
                            peer.say("{\"event\":\"accepted\",\"seq\":3}");
                            accepted.countDown();
                            peer.awaitGone();
                        });
                var delete = CommandProcess.start("delete", "--collection", "c", "--port", "" + server.port())) {
            accepted.await();

            delete.terminate();

            assertThat(delete.err())
                    .matches("tidegate: interrupted; deleted (0 documents|1 document), go on with the same again\\R");
            assertThat(delete.awaitExit()).isEqualTo(SIGTERM_EXIT);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTrialThatIsInterruptedLeavesNothingBehindAndHasLoggedNothing(@TempDir Path directory) throws Exception {
        Path runs = directory.resolve("runs");
        try (var trial = CommandProcess.start(
                List.of("-Djava.io.tmpdir=" + directory),
                "conformance",
                "--only",
                "follows",
                "--",
                "sh",
                "-c",
                "touch \"$0\"; exec sleep 100",
                runs.toString())) {
            Await.until(() -> Files.exists(runs));

            trial.terminate();

            assertThat(trial.awaitExit()).isEqualTo(SIGTERM_EXIT);
            assertThat(trial.out().lines()).isEmpty();
            assertThat(directory.toFile().list()).noneMatch(name -> name.startsWith("tidegate-conformance"));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
