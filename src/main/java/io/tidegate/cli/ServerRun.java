package io.tidegate.cli;

import com.typesafe.config.Config;
import io.tidegate.admin.Build;
import io.tidegate.audit.Operator;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.Drainable;
import io.tidegate.drain.OverrunException;
import io.tidegate.drain.Signals;
import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.SettingsSource;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A server's life in this process, from its start to the exit code. */
final class ServerRun {

    private ServerRun() {}

    static int run(@Nullable Path configFile, boolean logJson, boolean takeover) throws CommandEnd {
        UnsafeWarning.silence();
        try (ServerLog log = ServerLog.open(logJson)) {
            Config config = ServerConfig.load(configFile);
            IpVersion.choose(config);
            // Checked before its first use, which is the next line; the server's start checks it again.
            ServerSettings settings = ServerSettings.from(config);
            log.setLevel(settings.logLevel());
            tellStart(configFile, settings);
            Umask.ownerOnly();
            SerialFilter.install();
            SettingsSource source = source(configFile, log);
            return takeover ? takeOver(log, config, settings, source) : run(log, () -> Tidegate.start(config), source);
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    /** What somebody who reads the log later has to know first. */
    private static void tellStart(@Nullable Path configFile, ServerSettings settings) {
        long pid = ProcessHandle.current().pid();
        String file = configFile == null
                ? "none"
                : configFile.toAbsolutePath().normalize().toString();
        String store = settings.storeDirectory().toAbsolutePath().normalize().toString();
        LoggerFactory.getLogger(ServerRun.class)
                .atInfo()
                .addKeyValue("version", Build.version())
                .addKeyValue("java", Build.java())
                .addKeyValue("pid", pid)
                .addKeyValue("config", file)
                .addKeyValue("store", store)
                .log(
                        "Tidegate {} starts: Java {}, process {}, configuration file {}, store {}",
                        Build.version(),
                        Build.java(),
                        pid,
                        file,
                        store);
    }

    private static int takeOver(ServerLog log, Config config, ServerSettings settings, SettingsSource source)
            throws StartException, CommandEnd {
        RunningServer predecessor = RunningServer.find(settings);
        return run(
                log,
                () -> {
                    try (predecessor) {
                        return Tidegate.takeOver(config, predecessor);
                    }
                },
                source);
    }

    private static SettingsSource source(@Nullable Path configFile, ServerLog log) {
        return new SettingsSource() {
            @Override
            public Config read() throws StartException {
                return ServerConfig.load(configFile);
            }

            @Override
            public void logAt(String level) {
                log.setLevel(level);
            }
        };
    }

    private interface Start {
        Tidegate start() throws StartException;
    }

    private static int run(ServerLog log, Start start, SettingsSource settings) throws StartException {
        var starting = new CompletableFuture<Tidegate>();
        Supervisor supervisor = Supervisor.ofProcess();
        // Before the server says that it listens: whoever waits for that line may send a signal at once.
        Signals.install(new WhenStarted(starting), () -> {
            var unused = starting.thenCompose(server -> reload(server, supervisor));
        });
        try (Tidegate server = start.start()) {
            server.readSettingsFrom(settings);
            supervisor.serves(server);
            server.watch(new LastMoments());
            starting.complete(server);
            return exitCode(endOf(log, server));
        }
    }

    private static CompletionStage<?> reload(Tidegate server, Supervisor supervisor) {
        supervisor.reloads();
        server.audit().operated(Operator.SIGNAL, "reload", Map.of());
        return server.reload("SIGHUP").whenComplete((outcomes, failure) -> supervisor.reloaded(outcomes));
    }

    /** Nothing is waited for beyond the time that a stop may take: the process has to end by then, whatever holds it up. */
    private static DrainReport endOf(ServerLog log, Tidegate server) {
        try {
            return server.awaitEnd();
        } catch (OverrunException e) {
            LoggerFactory.getLogger(ServerRun.class).error("{}: the process ends now", e.getMessage());
            log.close();
            // exit() would run the hooks, which wait for what holds it up.
            Runtime.getRuntime().halt(e.report().map(ServerRun::exitCode).orElse(ExitCode.FORCED));
            throw new AssertionError("the process has ended");
        }
    }

    /** Passes on what comes while the server is starting. */
    private record WhenStarted(CompletableFuture<Tidegate> server) implements Drainable {

        /** It will be the first. */
        private static final int FIRST = 1;

        @Override
        public int beginDrain(String reason) {
            return server.thenApply(started -> {
                        started.audit().operated(Operator.SIGNAL, "drain", Map.of());
                        return started.beginDrain(reason);
                    })
                    .getNow(FIRST);
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
