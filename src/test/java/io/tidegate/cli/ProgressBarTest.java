package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The progress of a load on a terminal. */
class ProgressBarTest {

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private long millis;

    private ProgressBar bar(boolean watched, long totalBytes) {
        return new ProgressBar(
                new PrintStream(terminal, true, StandardCharsets.UTF_8),
                watched,
                totalBytes,
                () -> TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void itIsDrawnTenTimesASecondAndClearedAtTheEnd() {
        ProgressBar bar = bar(true, 1000);

        bar.at(10, 1, "line");
        millis += 100;
        bar.at(500, 50, "line");
        bar.at(510, 51, "line");
        bar.clear();
        millis += 100;
        bar.at(520, 52, "line");

        assertThat(CommandRun.text(terminal))
                .isEqualTo("\r\u001b[K[####################--------------------]  50 %  50 lines\r\u001b[K");
    }

    @Test
    void withoutAnEndInSightItCounts() {
        ProgressBar bar = bar(true, 0);

        millis += 100;
        bar.at(500, 50, "line");

        assertThat(CommandRun.text(terminal)).endsWith("50 lines").doesNotContain("%");
    }

    @Test
    void nobodyIsShownNothing() {
        ProgressBar bar = bar(false, 1000);

        millis += 100;
        bar.at(500, 50, "line");
        bar.clear();

        assertThat(CommandRun.text(terminal)).isEmpty();
    }
}
