package io.tidegate.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends forges no line of the log and steers no terminal, in both forms of the log. */
class VisibleLogTest {

    private static final String HOSTILE =
            "a\u001b[2J\u009b1m\r\n2026-01-01T00:00:00.000Z INFO  Tidegate: all is well\u202e\u2028z";

    /** As the configuration of the server's log has it. */
    private static String logged(String form, String message, @Nullable Throwable failure) throws JoranException {
        var context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(requireNonNull(VisibleLogTest.class.getResource(form)));
        var root = context.getLogger("ROOT");
        var queue = (LogQueue) requireNonNull(root.getAppender("queue"));
        var out = (ConsoleAppender<ILoggingEvent>) requireNonNull(queue.getAppender("out"));
        var event = new LoggingEvent("", root, Level.WARN, message, failure, null);
        return new String(out.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private static void requireVisible(String logged) {
        assertThat(logged).contains("U+001B[2JU+009B1m", "U+202E", "U+2028z").doesNotContain("\r");
        assertThat(logged.codePoints())
                .noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
                .doesNotContain(0x202e, 0x2028);
        assertThat(logged.lines()).noneMatch(line -> line.startsWith("2026-01-01T00:00:00.000Z INFO"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-text.xml", "log-json.xml"})
    void aMessageIsOneLineThatIsSeen(String form) throws Exception {
        String logged = logged(form, HOSTILE, null);

        requireVisible(logged);
        assertThat(logged.lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-text.xml", "log-json.xml"})
    void aFailureIsSeen(String form) throws Exception {
        String logged = logged(form, "Failed", new IllegalStateException(HOSTILE, new IllegalStateException(HOSTILE)));

        requireVisible(logged);
        assertThat(logged).contains("Caused by: ", "VisibleLogTest.java");
    }
}
