package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loading a file: in order, within the window, and honest about what is durable when it stops. */
@Timeout(120)
class LoadCommandTest extends LoadFixture {

    @Test
    void everyLineIsPutUnderItsKey() throws Exception {
        Dialogue dialogue = peer -> {
            expectPut(peer, "put orders o-17 {\"id\":\"o-17\",\"qty\":5}");
            expectPut(peer, "put orders 18 {\"id\":18}");
            peer.say("{\"event\":\"accepted\",\"seq\":41}", "{\"event\":\"accepted\",\"seq\":42}");
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, "{\"id\":\"o-17\",\"qty\":5}\r\n\n   \n{\"id\":18}");

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("loaded 2 documents into orders in \\d+\\.\\d s, position seq 42\n");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void noMoreThanTheWindowIsOnItsWay() throws Exception {
        Dialogue dialogue = peer -> {
            for (int seq = 1; seq <= 4; seq++) {
                expectPut(peer, "put orders o-" + seq + " {\"id\":\"o-" + seq + "\"}");
            }
            for (int seq = 1; seq <= 6; seq++) {
                peer.expectNothingYet();
                peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
                expectPut(peer, "put orders o-" + (seq + 4) + " {\"id\":\"o-" + (seq + 4) + "\"}");
            }
            for (int seq = 7; seq <= 10; seq++) {
                peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
            }
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(10), "--window", "4");

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("loaded 10 documents");
        }
    }

    @Test
    void aLineThatIsNotJsonStopsItAfterTheLinesBeforeAreDurable() throws Exception {
        try (var server = FakeServer.with(ACCEPT_ALL)) {
            CommandRun run = load(server, documents(3) + "\n{\"id\":\n" + documents(2));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("tidegate: line 5 of standard input: not JSON at character")
                    .endsWith("; lines 1 to 4 are durable, go on with --skip 4");
        }
    }

    @Test
    void aLineWithoutAKeyIsNamed() throws Exception {
        try (var server = FakeServer.with(ACCEPT_ALL)) {
            CommandRun run = load(server, "{\"name\":1}\n");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToNormalizingNewlines(
                            "tidegate: line 1 of standard input: it has no field 'id' for the key;"
                                    + " nothing before it was loaded\n");
        }
    }

    @Test
    void aLineThatTheServerRefusesIsNamedAmongThoseOnTheirWay() throws Exception {
        Dialogue dialogue = peer -> {
            for (int i = 1; i <= 5; i++) {
                peer.hear();
            }
            peer.say("{\"event\":\"accepted\",\"seq\":1}", "{\"event\":\"accepted\",\"seq\":2}");
            peer.say("{\"event\":\"error\",\"code\":\"line-too-long\",\"message\":\"send a shorter one\"}");
            peer.say("{\"event\":\"accepted\",\"seq\":3}", "{\"event\":\"accepted\",\"seq\":4}");
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(5));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToNormalizingNewlines("tidegate: line 3 of standard input: send a shorter one;"
                            + " lines 1 to 2 are durable, go on with --skip 2\n");
        }
    }

    @Test
    void aLostConnectionNamesTheLastLineThatWasAcknowledged() throws Exception {
        Dialogue dialogue = peer -> {
            for (int i = 1; i <= 3; i++) {
                peer.hear();
            }
            peer.say("{\"event\":\"accepted\",\"seq\":1}", "{\"event\":\"accepted\",\"seq\":2}");
            peer.sayUnfinished("{\"event\":\"accep");
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(3), "--retry", "0");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToNormalizingNewlines("tidegate: connection lost (the server closed it);"
                            + " lines 1 to 2 are durable, go on with --skip 2\n");
        }
    }

    @Test
    void aServerThatSaysGoodbyeIsQuoted() throws Exception {
        Dialogue dialogue = peer -> {
            peer.hear();
            peer.say("{\"event\":\"accepted\",\"seq\":1}");
            peer.say(
                    "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"k7\",\"seq\":1,\"reconnectAfterMs\":0}");
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(3), "--window", "1", "--retry", "0");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("the server said goodbye: shutdown", "--skip 1");
        }
    }

    @Test
    void aGoodbyeEndsItWhileThePipeIsQuiet() throws Exception {
        Dialogue dialogue = peer -> {
            peer.hear();
            peer.say(
                    "{\"event\":\"accepted\",\"seq\":1}",
                    "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"k7\",\"seq\":1,\"reconnectAfterMs\":0}");
            peer.expectEnd();
        };
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var plain = CommandRun.streams("", out, err);
        try (var server = FakeServer.with(dialogue);
                var pipe = new QuietPipe("{\"id\":1}\n")) {
            var streams = new Streams(pipe, plain.out(), plain.err(), false);

            int exitCode = Commands.run(
                    streams,
                    "load",
                    "-",
                    "--collection",
                    "c",
                    "--key",
                    "id",
                    "--retry",
                    "0",
                    "--port",
                    "" + server.port());

            assertThat(exitCode).isEqualTo(1);
            assertThat(CommandRun.text(err))
                    .isEqualToNormalizingNewlines("tidegate: connection lost (the server said goodbye: shutdown);"
                            + " line 1 is durable, go on with --skip 1\n");
        }
    }

    @Test
    void aRefusalEndsItWhileThePipeIsQuiet() throws Exception {
        Dialogue dialogue = peer -> {
            peer.hear();
            peer.say("{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"disk full\"}");
            peer.expectEnd();
        };
        var err = new ByteArrayOutputStream();
        var plain = CommandRun.streams("", new ByteArrayOutputStream(), err);
        try (var server = FakeServer.with(dialogue);
                var pipe = new QuietPipe("{\"id\":1}\n")) {
            var streams = new Streams(pipe, plain.out(), plain.err(), false);

            Commands.run(streams, "load", "-", "--collection", "c", "--key", "id", "--port", "" + server.port());

            assertThat(CommandRun.text(err)).contains("line 1 of standard input: disk full");
        }
    }

    /** Says this, and then nothing until it is closed. */
    private static final class QuietPipe extends InputStream {

        private final InputStream begin;
        private final CountDownLatch closed = new CountDownLatch(1);

        QuietPipe(String begin) {
            this.begin = new ByteArrayInputStream(begin.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() throws IOException {
            int next = begin.read();
            if (next < 0) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = begin.read(target, offset, length);
            return count < 0 ? read() : count;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void aLoadGoesOnAfterTheLinesThatWereSkipped() throws Exception {
        Dialogue dialogue = peer -> {
            expectPut(peer, "put orders o-3 {\"id\":\"o-3\"}");
            peer.say("{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"disk full\"}");
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(3), "--skip", "2");

            assertThat(run.err())
                    .contains("line 3 of standard input: disk full; lines 1 to 2 are durable, go on with --skip 2");
        }
    }
}
