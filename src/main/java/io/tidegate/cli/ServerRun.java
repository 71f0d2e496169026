package io.tidegate.cli;

import com.typesafe.config.Config;
import io.tidegate.control.Signals;
import io.tidegate.server.DrainReport;
import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server's life in this process, from its start to the exit code. */
final class ServerRun {

    private ServerRun() {}

    static int run(@Nullable Path configFile, boolean logJson) throws CommandEnd {
        UnsafeWarning.silence();
        try (ServerLog log = ServerLog.open(logJson)) {
            Config config = ServerConfig.load(configFile);
            // Checked before its first use, which is the next line; the server's start checks it again.
            var unused = ServerSettings.from(config);
            log.setLevel(config.getString("tidegate.log.level"));
            return run(config);
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    private static int run(Config config) throws StartException {
        try (Tidegate server = Tidegate.start(config)) {
            Signals.install(server);
            return exitCode(server.whenTerminated().toCompletableFuture().join());
        }
    }

    private static int exitCode(DrainReport report) {
        if (report.forced()) {
            return ExitCode.FORCED;
        }
        return report.aborted() > 0 ? ExitCode.STRAGGLERS_ABORTED : ExitCode.OK;
    }
}
