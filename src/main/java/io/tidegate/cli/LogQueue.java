package io.tidegate.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.tidegate.document.Counted;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the log's lines wait for the thread that writes them.
 *
 * <p>Standard output may be a pipe that nobody reads, or a driver whose disk is stuck: who logs must not wait for it, for that is also
 * the thread that reads for all clients, or one that ends the server. What does not find room is lost, and is told by its number as
 * soon as there is room again. Made by logback, which finds its name in the files beside this one.
 */
public final class LogQueue extends AsyncAppender {

    /** So many lines may wait. */
    static final int LINES = 10_000;

    /** So long the end of the log waits for those that were not written. */
    private static final int LAST_LINES_MILLIS = 2_000;

    private final AtomicLong lost = new AtomicLong();

    /** Holds nothing. */
    public LogQueue() {
        setQueueSize(LINES);
        setMaxFlushTime(LAST_LINES_MILLIS);
        // Logback would drop what is no warning as soon as the queue is fairly full.
        setDiscardingThreshold(0);
        setNeverBlock(true);
    }

    @Override
    protected void append(ILoggingEvent line) {
        // Two places, one for the line that tells of others. Another thread may take it all the same: then that line is
        // lost.
        if (getRemainingCapacity() < 2) {
            lost.incrementAndGet();
            return;
        }
        long missing = lost.getAndSet(0);
        if (missing > 0) {
            super.append(missing(missing, line));
        }
        super.append(line);
    }

    private ILoggingEvent missing(long count, ILoggingEvent line) {
        var context = (LoggerContext) getContext();
        return new LoggingEvent(
                LogQueue.class.getName(),
                context.getLogger(line.getLoggerName()),
                Level.WARN,
                Counted.of(count, "line was", "lines were") + " lost here: standard output did not take them",
                null,
                null);
    }
}
