package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TallyTest {

    private final Logger log = (Logger) LoggerFactory.getLogger("TallyTest");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Tally tally = new Tally(log, () -> "it happened", "times it happened");

    @BeforeEach
    void listen() {
        written.start();
        log.addAppender(written);
        log.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(written);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static long at(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void theFirstIsLoggedAtOnceAndTheOthersAreCounted() {
        for (int i = 0; i < 1000; i++) {
            tally.add(at(0));
        }
        tally.report(at(9));
        assertThat(lines()).containsExactly("it happened");

        tally.report(at(10));

        assertThat(lines()).containsExactly("it happened", "999 times it happened in the last 10 s");
    }

    @Test
    void whatHappensAgainAfterAPauseIsANewFirst() {
        tally.add(at(0));
        tally.report(at(10));
        tally.report(at(20));

        tally.add(at(21));

        assertThat(lines()).containsExactly("it happened", "it happened");
    }

    @Test
    void nothingIsReportedWhenNothingHappened() {
        tally.report(at(100));

        assertThat(lines()).isEmpty();
    }
}
