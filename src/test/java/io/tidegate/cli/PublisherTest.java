package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Putting and deleting one document. */
@Timeout(120)
class PublisherTest {

    private static final String ACCEPTED = "{\"event\":\"accepted\",\"seq\":7}";

    private static Dialogue answering(String request, String answer) {
        return peer -> {
            peer.expect(request);
            peer.say(answer);
            peer.expectEnd();
        };
    }

    @Test
    void anAcceptedPutPrintsItsEvent() throws Exception {
        try (var server = FakeServer.with(answering("put orders o-17 {\"qty\": 5}", ACCEPTED))) {
            CommandRun run = CommandRun.of("put", "orders", "o-17", "{\"qty\": 5}", "--port", "" + server.port());

            assertThat(run).isEqualTo(new CommandRun(0, ACCEPTED + "\n", ""));
        }
    }

    @Test
    void aChangeThatIsSentAgainHasItsId() throws Exception {
        try (var server =
                FakeServer.with(answering("put c k @id=a-1 5", ACCEPTED), answering("delete c k @id=a-2", ACCEPTED))) {
            CommandRun put = CommandRun.of("put", "c", "k", "5", "--id", "a-1", "--port", "" + server.port());
            CommandRun delete = CommandRun.of("delete", "c", "k", "--id", "a-2", "--port", "" + server.port());
            CommandRun wrong = CommandRun.of("delete", "c", "k", "--id", "a 2", "--port", "" + server.port());

            assertThat(put.exitCode()).isZero();
            assertThat(delete.exitCode()).isZero();
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).contains("'a 2': an id of a change is 1 to 128");
        }
    }

    @Test
    void aDocumentOfSeveralLinesComesFromStandardInput() throws Exception {
        try (var server = FakeServer.with(answering("put orders o-17 {   \"qty\": 5 } ", ACCEPTED))) {
            CommandRun run = CommandRun.withInput(
                    "{\r\n \"qty\": 5\n}\n", "put", "orders", "o-17", "--port", "" + server.port());

            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aDocumentMayLookLikeAnOptionAndAKeyLikeAFile() throws Exception {
        try (var server = FakeServer.with(answering("put orders @o -5", ACCEPTED))) {
            CommandRun run = CommandRun.of("put", "--port", "" + server.port(), "orders", "@o", "-5");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aLineBreakWithinAStringIsRefusedAsOverHttp() {
        CommandRun run = CommandRun.withInput("{\"a\":\"line1\nline2\"}", "put", "c", "k", "--port", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("tidegate: cannot put that: not JSON at character 12: unexpected"
                        + " U+000A: has to be escaped using backslash to be included in string value\n");
    }

    @Test
    void aKeyWithASpaceIsEncodedAndWhatLooksEncodedIsTakenAsItIs() throws Exception {
        try (var server = FakeServer.with(
                answering("put c New%20York 1", ACCEPTED), answering("delete c New%2520York", ACCEPTED))) {
            CommandRun put = CommandRun.of("put", "c", "New York", "1", "--port", "" + server.port());
            CommandRun delete = CommandRun.of("delete", "c", "New%20York", "--port", "" + server.port());

            assertThat(put.exitCode()).isZero();
            assertThat(delete.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Java heap space, out of memory: give Java more of it",
        "'unable to create native thread: possibly out of memory', no thread can be made: raise the limit"
    })
    void whereTheMemoryOrItsThreadsEndIsOneLineAndExitCode1(String error, String notice) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Streams plain = CommandRun.streams("", out, err);
        var endless = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError(error);
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return read();
            }
        };
        var streams = new Streams(endless, plain.out(), plain.err(), false);

        assertThat(Commands.run(streams, "put", "c", "k")).isEqualTo(1);

        assertThat(CommandRun.text(err).lines()).singleElement().asString().startsWith("tidegate: " + notice);
    }

    @Test
    void aRefusalIsOneLineAndExitCode1() throws Exception {
        String error = "{\"event\":\"error\",\"code\":\"draining\",\"message\":\"send it after reconnecting\"}";
        try (var server = FakeServer.with(answering("delete orders o-17", error))) {
            CommandRun run = CommandRun.of("delete", "orders", "o-17", "--port", "" + server.port());

            assertThat(run).isEqualTo(new CommandRun(1, "", "tidegate: refused: send it after reconnecting\n"));
        }
    }

    @Test
    void anAnswerThatDoesNotComeLeavesTheOutcomeOpen() throws Exception {
        try (var server = FakeServer.with(peer -> peer.hear())) {
            CommandRun run = CommandRun.of("delete", "orders", "o-17", "--port", "" + server.port());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("the change may be stored or not").contains("--id");
        }
    }
}
