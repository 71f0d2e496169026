package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.FakeServer.Dialogue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loading a file: in order, within the window, and honest about what is durable when it stops. */
@Timeout(120)
class LoadCommandTest {

    private static CommandRun load(FakeServer server, String input, String... more) {
        String[] fixed = {"load", "-", "--collection", "orders", "--key", "id", "--port", "" + server.port()};
        String[] args = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, args, 0, fixed.length);
        System.arraycopy(more, 0, args, fixed.length, more.length);
        return CommandRun.withInput(input, args);
    }

    private static String documents(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{\"id\":\"o-" + i + "\"}\n")
                .collect(Collectors.joining());
    }

    /** Takes puts and accepts them until the client has gone. */
    private static final Dialogue ACCEPT_ALL = peer -> {
        int seq = 0;
        while (peer.hear().startsWith("put ")) {
            seq++;
            peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
        }
    };

    @Test
    void everyLineIsPutUnderItsKey() throws Exception {
        Dialogue dialogue = peer -> {
            peer.expect("put orders o-17 {\"id\":\"o-17\",\"qty\":5}");
            peer.expect("put orders 18 {\"id\":18}");
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
                peer.expect("put orders o-" + seq + " {\"id\":\"o-" + seq + "\"}");
            }
            for (int seq = 1; seq <= 6; seq++) {
                peer.expectNothingYet();
                peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
                peer.expect("put orders o-" + (seq + 4) + " {\"id\":\"o-" + (seq + 4) + "\"}");
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
                    .startsWith("tidegate: line 5 of -: not JSON at character")
                    .endsWith("; lines 1 to 4 are durable, go on with --skip 4");
        }
    }

    @Test
    void aLineWithoutAKeyIsNamed() throws Exception {
        try (var server = FakeServer.with(ACCEPT_ALL)) {
            CommandRun run = load(server, "{\"name\":1}\n");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToNormalizingNewlines("tidegate: line 1 of -: it has no field 'id' for the key;"
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
                    .isEqualToNormalizingNewlines("tidegate: line 3 of -: send a shorter one;"
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
            CommandRun run = load(server, documents(3));

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
            CommandRun run = load(server, documents(3), "--window", "1");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("the server said goodbye: shutdown", "--skip 1");
        }
    }

    @Test
    void aLoadGoesOnAfterTheLinesThatWereSkipped() throws Exception {
        Dialogue dialogue = peer -> {
            peer.expect("put orders o-3 {\"id\":\"o-3\"}");
            peer.say("{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"disk full\"}");
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, documents(3), "--skip", "2");

            assertThat(run.err()).contains("line 3 of -: disk full; lines 1 to 2 are durable, go on with --skip 2");
        }
    }
}
