package io.tidegate.server;

import com.typesafe.config.Config;

/** Where a process has its settings from, to be read once more while its server runs. By any thread. */
public interface SettingsSource {

    /**
     * Reads everything that the process is told now. Blocks.
     *
     * @return what differs from the defaults, or all of it
     * @throws StartException if it cannot be read
     */
    Config read() throws StartException;

    /**
     * Has the log, which is the process's, be as detailed as it is told.
     *
     * @param level ERROR, WARN, INFO, DEBUG or TRACE
     */
    void logAt(String level);
}
