package io.tidegate.cli;

import io.tidegate.document.JsonText;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate stop}. */
@Command(name = "stop", description = "Stop a server in good order, and wait until it is gone.")
final class StopCommand implements Callable<Integer> {

    private static final int MAX_WAIT_SECONDS = 86_400;

    private static final long LOOK_MILLIS = 200;

    /** The report was sent before the process ended; it needs a moment to get here. */
    private static final long REPORT_MILLIS = 500;

    private static final Map<String, Object> UNKNOWN =
            Map.of("line", "it was gone before it could say how its connections ended: see its log");

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice choice;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for its end (default: ${DEFAULT-VALUE}).")
    private long waitSeconds;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the report, or the forecast, as a JSON object.")
    private boolean json;

    @ArgGroup
    private @Nullable Instead instead;

    /** What to do instead of stopping it. */
    private static final class Instead {
        @Option(names = "--dry-run", description = "Stop nothing: say what a stop would take now.")
        private boolean dryRun;

        @Option(
                names = "--cancel",
                description =
                        "Make a server run on that was told to stop and still only announces it (drain.announce).")
        private boolean cancel;
    }

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        if (waitSeconds < 0 || waitSeconds > MAX_WAIT_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--wait is 0 to " + MAX_WAIT_SECONDS + ", not " + waitSeconds);
        }
        try (ServerControl server = choice.open()) {
            if (instead != null && instead.dryRun) {
                foretell(server.forecast());
            } else if (instead != null && instead.cancel) {
                server.cancelShutdown();
                tidegate.streams().output().line("cancelled: " + server.name() + " runs on");
            } else {
                stop(server);
            }
        }
        return ExitCode.OK;
    }

    private void foretell(Map<String, Object> forecast) throws CommandEnd {
        Output output = tidegate.streams().output();
        if (json) {
            output.line(JsonText.of(forecast));
            return;
        }
        long connections = number(forecast, "connections");
        long stuck = number(forecast, "stuck");
        output.line(String.format(
                Locale.ROOT,
                "%,d %s, %,d lagging, %,d stuck",
                connections,
                connections == 1 ? "connection" : "connections",
                number(forecast, "lagging"),
                stuck));
        output.line(String.format(
                Locale.ROOT,
                "a stop takes about %.1f s%s, and %.1f s at most until every connection has ended",
                seconds(forecast, "likelyMillis"),
                stuck > 0 ? " if the stuck clients go on not to read" : "",
                seconds(forecast, "longestMillis")));
    }

    private static double seconds(Map<String, Object> forecast, String item) {
        return number(forecast, item) / 1000.0;
    }

    private static long number(Map<String, Object> forecast, String item) {
        return forecast.get(item) instanceof Number number ? number.longValue() : 0;
    }

    private void stop(ServerControl server) throws CommandEnd, InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<?> gone = server.gone();
        CompletableFuture<Map<String, Object>> report = server.report();
        server.shutdown();
        awaitEnd(server, gone);
        double seconds = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
        Map<String, Object> figures = report.completeOnTimeout(UNKNOWN, REPORT_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        Output output = tidegate.streams().output();
        if (json) {
            output.line(JsonText.of(figures));
        } else {
            output.line(String.format(Locale.ROOT, "stopped %s in %.1f s", server.name(), seconds));
            output.line(String.valueOf(figures.get("line")));
        }
    }

    private void awaitEnd(ServerControl server, CompletableFuture<?> gone) throws CommandEnd, InterruptedException {
        var status = new StatusLine(tidegate.streams().err(), tidegate.streams().watched(), System::nanoTime);
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        try {
            while (!hasEndedBy(
                    gone, Math.min(giveUpAt, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)))) {
                if (System.nanoTime() >= giveUpAt) {
                    throw CommandEnd.failed(server + " is still draining after " + waitSeconds + " s");
                }
                show(server, status);
            }
        } finally {
            status.clear();
        }
    }

    private static void show(ServerControl server, StatusLine status) throws CommandEnd {
        Optional<ServerControl.Drain> drain = server.drain();
        if (drain.isPresent()) {
            if (drain.get().phase() == 0) {
                throw CommandEnd.failed("the stop was cancelled: " + server + " runs on");
            }
            status.show(drain.get().line());
        }
    }

    private static boolean hasEndedBy(CompletableFuture<?> gone, long nanos) throws InterruptedException {
        try {
            var unused = gone.get(Math.max(0, nanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
