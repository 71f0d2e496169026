package io.tidegate.drain;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A drain in the log: one line a second at most while something changes, one in ten seconds while nothing does, and none of a
 * drain that is over in less than a second.
 */
final class DrainLog implements DrainWatcher {

    private static final Logger log = LoggerFactory.getLogger(DrainLog.class);

    private static final int MOST_QUIET_SECONDS = 10;

    private DrainStatus shown = DrainStatus.RUNNING;
    private int quietSeconds;

    @Override
    public void phaseChanged(DrainStatus status) {
        log.debug("{}: {}", status, status.phase());
    }

    @Override
    public void progressed(DrainStatus status) {
        quietSeconds++;
        if (!status.isLike(shown) || quietSeconds == MOST_QUIET_SECONDS) {
            log.info("{}", status);
            shown = status;
            quietSeconds = 0;
        }
    }

    @Override
    public void reported(DrainReport report) {
        LoggingEventBuilder line = log.atInfo();
        for (Map.Entry<String, Object> figure : report.fields().entrySet()) {
            line = line.addKeyValue(figure.getKey(), figure.getValue());
        }
        line.log("{}", report);
    }
}
