package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who is told that others than this machine's programs are let in. */
class ExposureTest {

    private static List<ILoggingEvent> told(String host) {
        var logger = (Logger) LoggerFactory.getLogger(Exposure.class);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        try {
            Exposure.tell("admin", new InetSocketAddress(host, 8990), "stop the server");
            return List.copyOf(appender.list);
        } finally {
            logger.detachAppender(appender);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void thisMachineAloneIsNoNews(String host) {
        assertThat(told(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7"})
    void whoElseIsLetInIsTold(String host) {
        assertThat(told(host)).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("admin", ":8990", "stop the server", "encryption");
        });
    }
}
