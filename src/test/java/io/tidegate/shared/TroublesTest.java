package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When troubles are told. */
class TroublesTest {

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = context.getLogger("order");
    private final Troubles troubles = new Troubles(logger);

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @Test
    void eachIsToldOnceUntilItIsOver() {
        for (int outage = 0; outage < 2; outage++) {
            for (int look = 0; look < 3; look++) {
                troubles.begin(Troubles.Of.CONFIRMING, "it confirms nothing");
                troubles.begin(Troubles.Of.PROPOSING, "it takes nothing");
            }
            troubles.end(Troubles.Of.CONFIRMING, "it confirms again");
            troubles.end(Troubles.Of.CONFIRMING, "it confirms again");
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "it confirms nothing",
                        "it takes nothing",
                        "it confirms again",
                        "it confirms nothing",
                        "it confirms again");
    }
}
