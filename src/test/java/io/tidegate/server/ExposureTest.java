package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who is told that others than this machine's programs are let in. */
class ExposureTest {

    private static Exposure exposure(String host, boolean isEncrypted, boolean isOpen) {
        return new Exposure("admin", new InetSocketAddress(host, 8990), isEncrypted, isOpen);
    }

    private static List<ILoggingEvent> told(String host) {
        return told(exposure(host, false, true));
    }

    private static List<ILoggingEvent> told(Exposure exposure) {
        var logger = (Logger) LoggerFactory.getLogger(Exposure.class);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        try {
            exposure.tell("stop the server");
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

    @Test
    void whereEverybodyIsAskedWhoTheyAreOnlyTheEncryptionIsMissed() {
        assertThat(told(exposure("0.0.0.0", false, false))).singleElement().satisfies(event -> assertThat(
                        event.getFormattedMessage())
                .contains("tokens too, comes without encryption")
                .doesNotContain("stop the server"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false, true, true",
        "0.0.0.0, true, false, true",
        "0.0.0.0, false, true, false",
        "0.0.0.0, true, true, false",
        "0.0.0.0, false, false, false",
        "10.0.0.7, false, true, false",
        "::, true, true, false",
        "::1, false, true, true",
    })
    void nobodyElseIsLetInByMistake(String host, boolean isEncrypted, boolean isOpen, boolean starts) throws Exception {
        Exposure exposure = exposure(host, isEncrypted, isOpen);
        exposure.require(true);

        if (starts) {
            exposure.require(false);
        } else {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> exposure.require(false))
                    .withMessageContaining("tidegate.admin.insecure = on");
        }
    }

    @Test
    void aServerThatOthersWouldReachDoesNotStart(@TempDir Path directory) {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> TestServer.start(directory, "tidegate.http.host = \"0.0.0.0\""))
                .withMessageContaining("the listener http")
                .withMessageContaining("without encryption and without showing who they are");
    }
}
