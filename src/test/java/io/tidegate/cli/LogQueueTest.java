package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log that nobody reads holds up nobody. */
@Timeout(60)
class LogQueueTest {

    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayWrite = new Semaphore(0);
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final LoggerContext context = new LoggerContext();
    private final LogQueue queue = new LogQueue();
    private final Logger log = context.getLogger("test");

    private final class Output extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent line) {
            begun.release();
            mayWrite.acquireUninterruptibly();
            written.add(line.getFormattedMessage());
        }
    }

    @BeforeEach
    void attach() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        var output = new Output();
        output.setContext(context);
        output.start();
        queue.setContext(context);
        queue.addAppender(output);
        queue.start();
        log.setLevel(Level.INFO);
        log.addAppender(queue);
    }

    @AfterEach
    void stop() {
        mayWrite.release(1_000_000);
        context.stop();
    }

    @Test
    void whoLogsDoesNotWaitAndIsToldWhatWasLost() {
        log.info("first");
        begun.acquireUninterruptibly();
        int more = LogQueue.LINES + 5;
        for (int i = 0; i < more; i++) {
            log.info("line {}", i);
        }
        mayWrite.release(11);
        begun.acquireUninterruptibly(11);

        log.info("after");
        mayWrite.release(1_000_000);
        context.stop();

        List<String> expected = IntStream.range(0, LogQueue.LINES - 1)
                .mapToObj(i -> "line " + i)
                .toList();
        assertThat(written).startsWith("first").containsSequence(expected).hasSize(LogQueue.LINES + 2);
        assertThat(written.get(LogQueue.LINES)).startsWith("6 lines were lost here");
        assertThat(written).endsWith("after");
    }

    @Test
    void theEndOfTheLogWaitsForTheLastLines() {
        IntStream.range(0, 100).forEach(i -> log.info("line {}", i));
        mayWrite.release(1_000);

        context.stop();

        assertThat(written).hasSize(100).endsWith("line 99");
    }
}
