package io.tidegate.cli;

import com.typesafe.config.Config;
import io.tidegate.control.Drainable;
import io.tidegate.control.Signals;
import io.tidegate.server.DrainReport;
import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A server's life in this process, from its start to the exit code. */
final class ServerRun {

    private ServerRun() {}

    static int run(@Nullable Path configFile, boolean logJson, boolean takeover) throws CommandEnd {
        UnsafeWarning.silence();
        try (ServerLog log = ServerLog.open(logJson)) {
            Config config = ServerConfig.load(configFile);
            // Checked before its first use, which is the next line; the server's start checks it again.
            ServerSettings settings = ServerSettings.from(config);
            log.setLevel(config.getString("tidegate.log.level"));
            return takeover ? takeOver(config, settings) : run(() -> Tidegate.start(config));
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    private static int takeOver(Config config, ServerSettings settings) throws StartException, CommandEnd {
        RunningServer predecessor = RunningServer.find(settings);
        return run(() -> {
            try (predecessor) {
                return Tidegate.takeOver(config, predecessor);
            }
        });
    }

    private interface Start {
        Tidegate start() throws StartException;
    }

    private static int run(Start start) throws StartException {
        var starting = new CompletableFuture<Tidegate>();
        // Before the server says that it listens: whoever waits for that line may send a signal at once.
        Signals.install(new WhenStarted(starting));
        try (Tidegate server = start.start()) {
            starting.complete(server);
            return exitCode(server.whenTerminated().toCompletableFuture().join());
        }
    }

    /** Passes on what comes while the server is starting. */
    private record WhenStarted(CompletableFuture<Tidegate> server) implements Drainable {

        /** It will be the first. */
        private static final int FIRST = 1;

        @Override
        public int beginDrain(String reason) {
            return server.thenApply(started -> started.beginDrain(reason)).getNow(FIRST);
        }

        @Override
        public void force(String reason) {
            var unused = server.thenAccept(started -> started.force(reason));
        }
    }

    private static int exitCode(DrainReport report) {
        if (report.forced()) {
            return ExitCode.FORCED;
        }
        return report.hasReset() ? ExitCode.STRAGGLERS_ABORTED : ExitCode.OK;
    }
}
