package io.tidegate.drain;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/** The server had to end, and has not within the time that a whole stop may take; the message is one line. */
public final class OverrunException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Optional<DrainReport> report;

    OverrunException(Duration total, Optional<DrainReport> report) {
        super("The server has not ended within drain.total (" + DrainSettings.shown(total) + ")");
        this.report = report;
    }

    /** What became of the connections, if all of them have ended. */
    public Optional<DrainReport> report() {
        return report;
    }
}
