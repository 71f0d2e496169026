package io.tidegate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's log on standard output. Commands that are clients do not log.
 *
 * <p>Whoever sets logback's own property {@code logback.configurationFile} has said all there is to say: then neither form
 * nor level are touched.
 */
final class ServerLog implements AutoCloseable {

    private static final String CONFIGURATION = "logback.configurationFile";

    private final boolean ours;

    private ServerLog(boolean ours) {
        this.ours = ours;
    }

    /**
     * Chooses the form; must come before the first logger. The files are not named logback.xml: that would impose them on
     * programs that embed the server.
     */
    static ServerLog open(boolean json) {
        boolean ours = System.getProperty(CONFIGURATION) == null;
        if (ours) {
            System.setProperty(CONFIGURATION, "io/tidegate/cli/" + (json ? "log-json.xml" : "log-text.xml"));
        }
        return new ServerLog(ours);
    }

    /** For a command that is no server and uses parts of one: warnings, on the standard error. The same has to come first. */
    static void warningsOnly() {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, "io/tidegate/cli/log-warnings.xml");
        }
    }

    void setLevel(String level) {
        if (ours) {
            context().getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level));
        }
    }

    /** Writes what is left. Logback has no shutdown hook here: the end of the server must still be logged. */
    @Override
    public void close() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
