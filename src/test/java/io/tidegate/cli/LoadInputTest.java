package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be loaded, by lines or as an array, and under which keys; what may not is named with its place. */
@Timeout(120)
class LoadInputTest extends LoadFixture {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":1,\"a\":\"],[\\\"\"},{\"id\":2,\"b\":[[{}]]}]",
                "\n [ {\"id\":1,\"a\":\"],[\\\"\"} \n,\n\n {\"id\":2,\"b\":[[{}]]} \n ] \n\n",
                "\ufeff[{\"id\":1,\"a\":\"],[\\\"\"},{\"id\":2,\"b\":[[{}]]}]",
                "\ufeff{\"id\":1,\"a\":\"],[\\\"\"}\n{\"id\":2,\"b\":[[{}]]}\n"
            })
    void anArrayIsLoadedAsItsItemsAre(String input) throws Exception {
        try (var server = FakeServer.with(
                expecting("put orders 1 {\"id\":1,\"a\":\"],[\\\"\"}", "put orders 2 {\"id\":2,\"b\":[[{}]]}"))) {
            CommandRun run = load(server, input);

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("loaded 2 documents");
        }
    }

    /** As when a line is too long for the memory that there is. */
    @Test
    void whatEndsTheThreadThatReadsTheFileIsToldWithHowFarItCame() throws Exception {
        var tooMuch = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("of a test");
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
                return read();
            }
        };
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        try (var server = FakeServer.with(Peer::expectEnd)) {
            int exitCode = Commands.run(
                    new Streams(
                            new SequenceInputStream(
                                    new ByteArrayInputStream(documents(3).getBytes(StandardCharsets.UTF_8)), tooMuch),
                            out,
                            new PrintStream(err, true, StandardCharsets.UTF_8),
                            false),
                    "load",
                    "-",
                    "--collection",
                    "orders",
                    "--key",
                    "id",
                    "--skip",
                    "3",
                    "--port",
                    "" + server.port());

            assertThat(exitCode).isEqualTo(1);
        }
        assertThat(CommandRun.text(err))
                .isEqualToIgnoringNewLines(
                        "tidegate: out of memory: give Java more of it, for example by JAVA_TOOL_OPTIONS=-Xmx1g;"
                                + " lines 1 to 3 are durable, go on with --skip 3");
    }

    @Test
    void anItemOfSeveralLinesGoesOnOne() throws Exception {
        try (var server = FakeServer.with(expecting("put orders 1 {   \"id\": 1 }"))) {
            CommandRun run = load(server, "[\n{\r\n \"id\": 1\n}\n]\n");

            assertThat(run.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "[]", " [ ] \n", "\ufeff", "\ufeff\n"})
    void nothingIsLoadedFromNothing(String input) throws Exception {
        try (var server = FakeServer.with(expecting())) {
            CommandRun run = load(server, input);

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("loaded 0 documents");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[{\"id\":1},2] | item 2 of standard input: it is not an object, which the field 'id' could be of;"
                        + " item 1 is durable, go on with --skip 1",
                "[1,2] | item 1 of standard input: it is not an object",
                "42 | line 1 of standard input: it is not an object",
                "[{\"id\":1},{\"x\":2}] | item 2 of standard input: it has no field 'id' for the key; item 1 is",
                "[{\"id\":1},,{\"id\":2}] | item 2 of standard input: nothing stands between two commas, or",
                "[{\"id\":1},] | item 2 of standard input: nothing stands between two commas, or",
                "[{\"id\":1},{\"id\" | item 2 of standard input: the array has no end: is the file cut?; item 1 is",
                "[{\"id\":1}]{\"id\":2} | item 2 of standard input: something follows the array",
                "[{\"id\":1},{\"id\":]] | item 2 of standard input: not JSON at character 7: unexpected ']'; item 1 is",
                "id,name | line 1 of standard input: not JSON at character 1: Unrecognized token 'id'; this looks like CSV,"
                        + " try: mlr --icsv --ojsonl cat FILE | tidegate load - ...; nothing",
                "<xml/> | line 1 of standard input: not JSON at character 1: unexpected '<'; this looks like XML",
                "{ | line 1 of standard input: not JSON at character 2: it ends too early; this looks like a document of"
                        + " several lines, try: jq -c . FILE | tidegate load - ...",
                "{\"id\":1,\"id\":2} | line 1 of standard input: it has the field 'id' twice: which is the key?",
            })
    void whatCannotBeLoadedIsNamedWithItsPlace(String input, String message) throws Exception {
        try (var server = FakeServer.with(ACCEPT_ALL)) {
            CommandRun run = load(server, input);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).startsWith("tidegate: " + message);
            assertThat(run.err().lines()).hasSize(1);
        }
    }

    @Test
    void aNumberAndANameOfAnyLengthMayStandBeforeTheKey() throws Exception {
        String document = "{\"" + "n".repeat(50_001) + "\":" + "1".repeat(1_100) + ",\"id\":\"a\"}";
        try (var server = FakeServer.with(expecting("put orders a " + document))) {
            CommandRun run = load(server, document + "\n");

            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void whatIsTooDeepIsSaidToBe() throws Exception {
        try (var server = FakeServer.with(ACCEPT_ALL)) {
            CommandRun run = load(server, "{\"id\":" + "[".repeat(128) + "]".repeat(128) + "}\n");

            assertThat(run.err())
                    .startsWith(
                            "tidegate: line 1 of standard input: too deep: arrays and objects have at most 128 levels");
        }
    }

    @Test
    void severalFieldsAreOneKeyAndSpacesInItAreEncoded() throws Exception {
        String document = "{\"year\":1955,\"at\":{\"country\":\"Costa Rica\"}}";
        try (var server = FakeServer.with(expecting("put orders 1955,Costa%20Rica " + document))) {
            CommandRun run = CommandRun.withInput(
                    document,
                    "load",
                    "-",
                    "--collection",
                    "orders",
                    "--key",
                    "year,at.country",
                    "--port",
                    "" + server.port());

            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void theNumberOfTheLineIsTheKeyIfThatIsAskedFor() throws Exception {
        try (var server = FakeServer.with(expecting("put orders 1 {\"a\":1}", "put orders 3 42"))) {
            CommandRun run = CommandRun.withInput(
                    "{\"a\":1}\n\n42\n",
                    "load",
                    "-",
                    "--collection",
                    "orders",
                    "--key-line",
                    "--port",
                    "" + server.port());

            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void itemsAreSkippedAsLinesAre() throws Exception {
        try (var server = FakeServer.with(expecting("put orders 3 {\"id\":3}"))) {
            CommandRun run = load(server, "[{\"id\":1},{\"id\":2},{\"id\":3}]", "--skip", "2");

            assertThat(run.err()).isEmpty();
        }
    }
}
