package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** The log as programs read it. */
class JsonLinesTest {

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        var logger = new LoggerContext().getLogger("io.tidegate.drain.DrainLog");
        var event = new LoggingEvent("", logger, Level.WARN, message, failure, null);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        event.setThreadName("main");
        return event;
    }

    private static Map<String, Object> read(LoggingEvent event) throws Exception {
        String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        Map<String, Object> fields = new LinkedHashMap<>();
        assertThat(JsonTree.read(line.getBytes(StandardCharsets.UTF_8)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .allSatisfy((name, value) -> fields.put(String.valueOf(name), value));
        return fields;
    }

    @Test
    void anEventIsOneLineWithTheNamesThatAreExpected() throws Exception {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("timestamp", "2026-01-02T03:04:05.678Z");
        expected.put("level", "WARN");
        expected.put("logger", "io.tidegate.drain.DrainLog");
        expected.put("thread", "main");
        expected.put("message", "a \"b\"\nc/d");

        assertThat(read(event("a \"b\"\nc/d", null))).containsExactlyEntriesOf(expected);
    }

    @Test
    void figuresAreFieldsAndAFailureHasItsTrace() throws Exception {
        LoggingEvent event = event("Drained", new IllegalStateException("why"));
        event.addKeyValuePair(new KeyValuePair("completed", 5L));
        event.addKeyValuePair(new KeyValuePair("reasons", Map.of("quit", 2L)));
        event.addKeyValuePair(new KeyValuePair("level", "none of theirs"));

        Map<String, Object> fields = read(event);

        assertThat(fields).containsEntry("completed", 5).containsEntry("level", "WARN");
        assertThat(fields.get("reasons")).isEqualTo(Map.of("quit", 2));
        assertThat(String.valueOf(fields.get("exception"))).startsWith("java.lang.IllegalStateException: why\n\tat ");
    }
}
