package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a terminal is shown, and what a pipe gets. */
class TerminalTextTest {

    private static String written(boolean terminal, String text) throws CommandEnd {
        var out = new ByteArrayOutputStream();
        byte[] bytes = ("??" + text + "??").getBytes(StandardCharsets.UTF_8);
        new Output(out, terminal, () -> false).write(bytes, 2, bytes.length - 2);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(chars = {0x1b, 0x07, 0x7f, 0x80, 0x9b, 0x9d, 0x9f, 0x061c, 0x200e, 0x202e, 0x2066, 0x2069, 0x2028})
    void whatSteersATerminalIsAJsonEscapeThere(char c) throws Exception {
        String line = "{\"a\":\"x" + c + "31m\"}\n";

        assertThat(written(true, line)).isEqualTo(line.replace("" + c, String.format("\\u%04x", (int) c)));
        assertThat(written(false, line)).isEqualTo(line);
    }

    @Test
    void allElseIsShownAsItIs() throws Exception {
        String lines = "{\"a\":\"K\u00f6ln \ud83d\ude00 \u65e5\u672c\"}\n{\"b\":1}\n";

        assertThat(written(true, lines)).isEqualTo(lines);
    }
}
