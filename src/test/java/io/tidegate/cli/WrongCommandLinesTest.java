package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people get wrong on a command line is told in their words: no class of Java, nothing that cannot be seen. */
@Timeout(120)
class WrongCommandLinesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop --wait -1",
                "stop --wait 86401",
                "stop --wait 9223372036854775807",
                "conformance --patience -1 true",
                "conformance --patience 86401 true",
                "conformance --cuts -1 true"
            })
    void aNumberThatMakesNoSenseIsRefusedBeforeAnythingIsDone(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(" is ", ", not ");
    }

    private static final List<String> COMMANDS =
            List.of("serve", "load", "put", "sync", "follow", "conns", "end", "token", "bench", "help");

    private static final List<String> ODD = List.of(
            "x",
            "--frobnicate",
            "-x",
            "--port=abc",
            "--port=99999999999",
            "--port",
            "--host=",
            "--pid=abc",
            "--pid=99999999999999999999",
            "--pid=4194305",
            "--admin=a b",
            "--admin=http://",
            "--admin=:",
            "--admin=a..b:1",
            "--admin=127.0.0.1:1",
            "--how=gently",
            "--ended=-1",
            "--ended=x",
            "--window=x",
            "--skip=1.5",
            "--key=",
            "--key=a..b",
            "--after=x",
            "--after=after",
            "--rate=fast",
            "--seconds=x",
            "--transport=pigeon",
            "-c=no/such\u001b[31m.conf",
            "after",
            "a b",
            "a\u009bb",
            "\u202ea",
            "",
            " ",
            "\ufeff",
            "`x`",
            "a\nb",
            "--host=a..b",
            "--port=1");

    static Stream<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>();
        for (String command : COMMANDS) {
            for (String odd : ODD) {
                // Only what is wrong is run: a server would run for ever.
                if (!command.equals("serve") || odd.startsWith("-c") || odd.startsWith("--fro") || odd.equals("x")) {
                    lines.add(List.of(command, odd));
                }
            }
        }
        ODD.forEach(odd -> lines.add(List.of(odd)));
        return lines.stream();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void noMessageShowsAClassOrWhatCannotBeSeen(List<String> line) {
        var args = new ArrayList<>(line);
        // Where nobody listens, so that no line does anything should it be right.
        if (List.of("put", "sync", "follow", "load", "bench").contains(line.get(0))
                && line.stream().noneMatch(arg -> arg.startsWith("--port"))) {
            args.add("--port=1");
        }

        CommandRun run = CommandRun.of(args.toArray(String[]::new));

        requireReadable(run.err());
        if (run.exitCode() != 0) {
            assertThat(run.err()).startsWith("tidegate: ");
        }
    }

    private static void requireReadable(String err) {
        assertThat(err)
                .doesNotContain("Exception", "java.", "java/", "io.tidegate.", "JsonReadFeature", "StreamRead", "null")
                .doesNotContain("case-sensitive", "at index", "cannot convert", "this is a bug")
                .doesNotContainPattern("[A-Z][a-z]+[A-Z][a-z]+[A-Z]\\w*")
                .matches("[^\\p{Cntrl}\\p{Cf}\\x{80}-\\x{9f}]*(\\R[^\\p{Cntrl}\\p{Cf}\\x{80}-\\x{9f}]*)*");
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN",
                "+1",
                "{\"id\":NaN}",
                "tr\u200bue",
                "\ufeff\ufeff{}",
                "\u009b",
                "{\"id\":\"\u009b\"}",
                "{\"id\":`x`}",
                "[[[",
                "{'id':1}",
                "\u0000",
                "id,name\n1,x",
                "<html>",
                "{\"id\":\"a\\u0000\"}",
                "{\"id\":1}x"
            })
    void noFileMakesAMessageThatDoes(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), content);
        try (var server = FakeServer.with(FakeServer.Peer::awaitGone)) {
            CommandRun run = CommandRun.of(
                    "load", file.toString(), "--collection", "c", "--key", "id", "--port", "" + server.port());

            assertThat(run.exitCode()).isEqualTo(1);
            requireReadable(run.err().replace(directory.toString(), ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no/such/file", "/", "\u0000"})
    void noFileThatCannotBeReadDoes(String file) {
        CommandRun run = CommandRun.of("load", file, "--collection", "c", "--key", "id", "--port", "1");

        assertThat(run.exitCode()).isPositive();
        requireReadable(run.err());
    }
}
