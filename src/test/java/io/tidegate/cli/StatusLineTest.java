package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is drawn on a terminal, and what is printed elsewhere. */
class StatusLineTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private StatusLine line(boolean terminal) {
        return new StatusLine(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, clock::get);
    }

    @Test
    void aTerminalHasOneLineThatIsWrittenOver() {
        StatusLine line = line(true);

        line.show("one");
        line.show("two");
        line.clear();

        assertThat(CommandRun.text(out)).isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\r\u001b[K");
    }

    @Test
    void elsewhereThereIsALineInFiveSeconds() {
        StatusLine line = line(false);

        for (int second = 0; second < 11; second++) {
            clock.set(TimeUnit.SECONDS.toNanos(second));
            line.show("after " + second);
        }
        line.clear();

        assertThat(CommandRun.text(out)).isEqualToNormalizingNewlines("after 5\nafter 10\n");
    }
}
