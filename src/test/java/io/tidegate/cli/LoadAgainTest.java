package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import io.tidegate.client.FakeServer.Peer;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loading over more than one connection: what was not answered is sent once more, under the same ids. */
@Timeout(120)
class LoadAgainTest extends LoadFixture {

    private static final String GOODBYE =
            "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"k7\",\"seq\":1,\"reconnectAfterMs\":1,\"comeBack\":\"%s\"}";

    /** What each connection has heard. */
    private final List<List<String>> heard = new ArrayList<>();

    private static String accepted(int seq) {
        return "{\"event\":\"accepted\",\"seq\":" + seq + "}";
    }

    private static String error(String code) {
        return "{\"event\":\"error\",\"code\":\"" + code + "\",\"message\":\"it is " + code + "\"}";
    }

    private void hear(Peer peer, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(peer.hear());
        }
        heard.add(lines);
    }

    /** Hears so many, says that, and closes. */
    private Dialogue saying(int count, String... lines) {
        return peer -> {
            hear(peer, count);
            peer.say(lines);
        };
    }

    private Dialogue acceptingTheRest(int count) {
        return peer -> {
            hear(peer, count);
            for (int i = 0; i < count; i++) {
                peer.say(accepted(10 + i));
            }
            peer.expectEnd();
        };
    }

    private void assertSentOnceMore(int from, CommandRun run) {
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("loaded 3 documents").contains("position seq");
        assertThat(heard.get(1)).isEqualTo(heard.get(0).subList(from, 3));
        assertThat(heard.get(0)).allSatisfy(line -> assertThat(line).contains(" @id="));
    }

    @Test
    void whatALostConnectionLeftUnansweredIsSentOnceMoreUnderTheSameIds() throws Exception {
        try (var server = FakeServer.with(saying(3, accepted(1)), acceptingTheRest(2))) {
            CommandRun run = load(server, documents(3));

            assertSentOnceMore(1, run);
            assertThat(run.err()).startsWith("tidegate: connection lost (").endsWith("): reconnecting\n");
        }
    }

    @Test
    void whatAServerThatDrainsDidNotTakeIsSentOnceMoreBehindItsGoodbye() throws Exception {
        try (var server = FakeServer.with(
                saying(3, accepted(1), error("draining"), error("draining"), GOODBYE.formatted("as-is")),
                acceptingTheRest(2))) {
            CommandRun run = load(server, documents(3));

            assertSentOnceMore(1, run);
            assertThat(run.err()).contains("the server said goodbye: shutdown");
        }
    }

    @Test
    void whatANodeDoesNotKnowTheOutcomeOfIsSentOnceMore() throws Exception {
        Dialogue unknown = peer -> {
            hear(peer, 3);
            peer.say(accepted(1), accepted(2), error("outcome-unknown"));
            peer.expectEnd();
        };
        try (var server = FakeServer.with(unknown, acceptingTheRest(1))) {
            assertSentOnceMore(2, load(server, documents(3)));
        }
    }

    @Test
    void whoIsNotWantedBackAsItIsDoesNotComeBack() throws Exception {
        try (var server = FakeServer.with(saying(3, accepted(1), GOODBYE.formatted("with-credentials")))) {
            CommandRun run = load(server, documents(3));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToNormalizingNewlines("tidegate: connection lost (the server said goodbye: shutdown);"
                            + " line 1 is durable, go on with --skip 1\n");
        }
    }

    @Test
    void aPipeThatIsQuietIsNotWaitedForToSendOnceMore() throws Exception {
        var isResent = new CountDownLatch(1);
        Dialogue second = peer -> {
            hear(peer, 1);
            isResent.countDown();
            peer.say(accepted(2));
            hear(peer, 1);
            peer.say(accepted(3));
            peer.expectEnd();
        };
        var out = new ByteArrayOutputStream();
        var plain = CommandRun.streams("", out, new ByteArrayOutputStream());
        try (var server = FakeServer.with(peer -> hear(peer, 1), second)) {
            var pipe = new SequenceInputStream(bytes("{\"id\":1}\n"), new Later(isResent, "{\"id\":2}\n"));
            var streams = new Streams(pipe, plain.out(), plain.err(), false);

            int exitCode = Commands.run(
                    streams, "load", "-", "--collection", "c", "--key", "id", "--port", "" + server.port());

            assertThat(exitCode).isZero();
            assertThat(heard.get(1)).isEqualTo(heard.get(0));
            assertThat(CommandRun.text(out)).startsWith("loaded 2 documents");
        }
    }

    @Test
    void aLoadOverRestartsOfTheServerLosesAndDoublesNothing(@TempDir Path directory) throws Exception {
        int count = 30_000;
        Tidegate server = start(directory, 0);
        try {
            int port = server.tcpAddress().getPort();
            CompletableFuture<CommandRun> load = CompletableFuture.supplyAsync(() -> CommandRun.withInput(
                    documents(count), "load", "-", "--collection", "c", "--key", "id", "--port", "" + port));
            for (int restart = 1; restart <= 2; restart++) {
                int loaded = restart * 3000;
                Tidegate running = server;
                Await.until(() -> running.position().seq() >= loaded);
                server.close();
                server = start(directory, port);
            }

            CommandRun run = load.get(100, TimeUnit.SECONDS);

            assertThat(run.out()).as(run.err()).startsWith("loaded 30,000 documents");
            assertThat(run.err()).contains("connection lost");
            assertThat(server.position().seq()).isEqualTo(count);
        } finally {
            server.close();
        }
    }

    private static Tidegate start(Path directory, int port) throws StartException {
        return Tidegate.start(ConfigFactory.parseString("tidegate { tcp.port = " + port
                + ", http.port = 0, admin.port = 0, drain.spread = 0 s, store.directory = \"" + directory + "\" }"));
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Has nothing before that. */
    private static final class Later extends FilterInputStream {

        private final CountDownLatch start;

        Later(CountDownLatch start, String text) {
            super(bytes(text));
            this.start = start;
        }

        private void awaitStart() {
            try {
                start.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public int read() throws IOException {
            awaitStart();
            return super.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            awaitStart();
            return super.read(target, offset, length);
        }
    }
}
