package io.tidegate.cli.bench;

import io.tidegate.cli.bench.Documents.By;
import io.tidegate.cli.bench.Workload.ClosedLoop;
import io.tidegate.cli.bench.Workload.Count;
import io.tidegate.cli.bench.Workload.Load;
import io.tidegate.cli.bench.Workload.OpenLoop;
import io.tidegate.cli.bench.Workload.Pipelines;
import io.tidegate.cli.bench.Workload.Stall;
import io.tidegate.cli.bench.Workload.Time;
import io.tidegate.document.Collection;
import io.tidegate.document.Counted;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidegate bench}. */
@Command(name = "bench", description = "Load a server, check that each follower gets each update once, and measure.")
public final class BenchCommand implements Callable<Integer> {

    private static final int OK = 0;
    private static final int FAILED = 1;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_FOLLOWERS = 1_000_000;
    private static final int MAX_VALUE_BYTES = 128 << 10;
    private static final double MAX_SECONDS = 86_400;
    private static final int MAX_WINDOW = 1_000_000;
    private static final double MAX_RATE = 10_000_000;
    private static final double DEFAULT_SECONDS = 5;
    private static final double DEFAULT_STALL_SECONDS = 10;
    private static final double STALLS_IN_A_MEASUREMENT = 3;
    private static final int DEFAULT_WINDOW = 1024;
    private static final int DEFAULT_KEYS = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "${env:TIDEGATE_TCP_HOST:-127.0.0.1}",
            description = "Server to connect to (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:TIDEGATE_TCP_PORT:-8989}",
            description = "Its port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--transport",
            paramLabel = "T",
            defaultValue = "tcp",
            description = "How followers connect: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Transport.Kind transport = Transport.Kind.TCP;

    @Option(
            names = "--publish-by",
            paramLabel = "P",
            defaultValue = "line",
            description = "How publishers put: ${COMPLETION-CANDIDATES}, a PUT of HTTP (default: ${DEFAULT-VALUE}).")
    private Put.Kind put = Put.Kind.LINE;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "${env:TIDEGATE_HTTP_PORT:-8080}",
            description =
                    "The server's HTTP port, for --transport sse and websocket, and --publish-by put (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--followers",
            paramLabel = "N",
            defaultValue = "100",
            description = "Connections that follow; 0 measures publishing alone (default: ${DEFAULT-VALUE}).")
    private int followers;

    @Option(
            names = "--publishers",
            paramLabel = "P",
            defaultValue = "1",
            description = "Connections that publish (default: ${DEFAULT-VALUE}).")
    private int publishers;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "128",
            description = "Size of each JSON value (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            defaultValue = "bench",
            description = "Collection of the documents, which stay there (default: ${DEFAULT-VALUE}).")
    private Collection collection = new Collection("unset");

    @Option(
            names = "--keys",
            paramLabel = "K",
            description = "Number of the documents (default: " + DEFAULT_KEYS + ", or as many as --select).")
    private @Nullable Integer keys;

    @Option(names = "--select", paramLabel = "N", description = "Selections that the followers share, in turn.")
    private @Nullable Integer selections;

    @Option(
            names = "--select-by",
            paramLabel = "BY",
            description = "What they are: key (of N of the documents; default), prefix, collection.")
    private @Nullable By selectBy;

    @Option(
            names = "--unchanging",
            paramLabel = "N",
            defaultValue = "0",
            description = "More followers, of documents that nobody puts (default: ${DEFAULT-VALUE}).")
    private int unchanging;

    @Option(
            names = "--window",
            paramLabel = "W",
            description =
                    "Closed loop: updates on their way to the slowest follower (default: " + DEFAULT_WINDOW + ").")
    private @Nullable Integer window;

    @Option(
            names = "--pipeline",
            paramLabel = "N",
            description =
                    "Closed loop of each publisher, instead of --window: updates that it sends at once, before it waits for"
                            + " all answers.")
    private @Nullable Integer pipeline;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open loop, instead of --window: updates a second, however fast the server is.")
    private @Nullable Double rate;

    @Option(names = "--seconds", paramLabel = "S", description = "How long to measure (default: 5, or three stalls).")
    private @Nullable Double seconds;

    @Option(names = "--messages", paramLabel = "M", description = "How many updates to measure, instead of --seconds.")
    private @Nullable Integer messages;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seconds of load before it is measured (default: ${DEFAULT-VALUE}).")
    private double warmup;

    @Option(
            names = "--laggards",
            paramLabel = "N",
            defaultValue = "0",
            description = "Followers that stop reading in the middle, and catch up (default: ${DEFAULT-VALUE}).")
    private int laggards;

    @Option(
            names = "--stall",
            paramLabel = "S",
            description = "How long --laggards stop reading, in seconds (default: 10).")
    private @Nullable Double stall;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "The server's process, if it is on this machine but not found by itself.")
    private @Nullable Long serverPid;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    @SuppressWarnings("SystemConsoleNull") // as in Streams
    public Integer call() throws InterruptedException {
        requireRanges();
        PrintWriter err = spec.commandLine().getErr();
        var progress = new ProgressLine(err, System.console() != null);
        try {
            return print(run(progress), err);
        } catch (BenchFailure e) {
            err.println("tidegate: " + e.message());
            return FAILED;
        }
    }

    private void requireRanges() {
        require("--port", port, 1, MAX_PORT);
        require("--http-port", httpPort, 1, MAX_PORT);
        require("--followers", followers, 0, MAX_FOLLOWERS);
        require("--publishers", publishers, 1, Mark.MAX_PUBLISHERS);
        require("--size", size, Mark.MIN_VALUE_BYTES, MAX_VALUE_BYTES);
        requireSelections();
        require("--keys", keys(), 1, Documents.MAX_COUNT);
        require("--window", window == null ? DEFAULT_WINDOW : window, 1, MAX_WINDOW);
        require("--pipeline", pipeline == null ? 1 : pipeline, 1, MAX_WINDOW);
        require("--rate", rate == null ? 1 : rate, 0.01, MAX_RATE);
        require("--laggards", laggards, 0, Math.max(0, followers - 1));
        require("--stall", stallSeconds(), 0.01, MAX_SECONDS);
        require("--seconds", seconds(), 0.01, MAX_SECONDS);
        require("--messages", messages == null ? 1 : messages, 1, Integer.MAX_VALUE);
        require("--warmup", warmup, 0, MAX_SECONDS);
        requireStallWithinTheMeasurement();
        requireOne("--window", window, "--rate", rate);
        requireOne("--window", window, "--pipeline", pipeline);
        requireOne("--pipeline", pipeline, "--rate", rate);
        requireOne("--seconds", seconds, "--messages", messages);
        if (serverPid != null && ProcessHandle.of(serverPid).isEmpty()) {
            throw new ParameterException(spec.commandLine(), "there is no process " + serverPid);
        }
    }

    private void requireSelections() {
        require("--select", selections == null ? 1 : selections, 1, MAX_FOLLOWERS);
        require("--unchanging", unchanging, 0, MAX_FOLLOWERS);
        if (selections == null && selectBy != null) {
            throw new ParameterException(spec.commandLine(), "--select-by is for --select");
        }
        if (selections != null && keys() < selections) {
            throw new ParameterException(spec.commandLine(), "--keys is not less than --select");
        }
        if (selections != null && laggards > 0) {
            throw new ParameterException(spec.commandLine(), "either --select or --laggards");
        }
    }

    private int keys() {
        if (keys != null) {
            return keys;
        }
        return selections == null ? DEFAULT_KEYS : selections;
    }

    private void requireStallWithinTheMeasurement() {
        if (laggards == 0 && stall != null) {
            throw new ParameterException(spec.commandLine(), "--stall is for --laggards");
        }
        if (laggards > 0 && messages != null) {
            throw new ParameterException(spec.commandLine(), "--laggards goes with --seconds, not with --messages");
        }
        if (laggards > 0 && seconds() <= stallSeconds()) {
            throw new ParameterException(spec.commandLine(), "--seconds has to be longer than --stall");
        }
    }

    private double stallSeconds() {
        return stall == null ? DEFAULT_STALL_SECONDS : stall;
    }

    private double seconds() {
        if (seconds != null) {
            return seconds;
        }
        return laggards == 0 ? DEFAULT_SECONDS : STALLS_IN_A_MEASUREMENT * stallSeconds();
    }

    private void require(String option, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is " + Figures.number(min) + " to " + Figures.number(max) + ", not "
                            + Figures.number(value));
        }
    }

    private void requireOne(String one, @Nullable Object first, String other, @Nullable Object second) {
        if (first != null && second != null) {
            throw new ParameterException(spec.commandLine(), "either " + one + " or " + other);
        }
    }

    private Report run(ProgressLine progress) throws BenchFailure, InterruptedException {
        var lines = new Target(host, port);
        var http = new Target(host, httpPort);
        Target published = put == Put.Kind.LINE ? lines : http;
        Target followed = transport == Transport.Kind.TCP ? lines : http;
        try (var bench = new Bench(published, followed, workload(), server(lines), Patience.DEFAULT, progress)) {
            return bench.run();
        } finally {
            progress.clear();
        }
    }

    private Workload workload() {
        return new Workload(
                followers,
                unchanging,
                transport,
                put,
                publishers,
                size,
                documents(),
                load(),
                messages == null ? new Time(RunClock.nanosOf(seconds())) : new Count(messages),
                RunClock.nanosOf(warmup),
                laggards == 0 ? Stall.NONE : new Stall(laggards, RunClock.nanosOf(stallSeconds())));
    }

    private Documents documents() {
        return selections == null
                ? Documents.together(collection, keys())
                : new Documents(collection, keys(), selectBy == null ? By.KEY : selectBy, selections);
    }

    private Load load() {
        if (rate != null) {
            return new OpenLoop(rate);
        }
        return pipeline != null ? new Pipelines(pipeline) : new ClosedLoop(window == null ? DEFAULT_WINDOW : window);
    }

    private Optional<ServerProcess> server(Target target) {
        return serverPid == null ? LocalServers.at(target) : Optional.of(new ServerProcess(serverPid));
    }

    private int print(Report report, PrintWriter err) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonReport.of(report));
        } else {
            out.print(TableText.of(report));
        }
        out.flush();
        if (!report.verdict().isClean()) {
            err.println("tidegate: of " + Counted.of(report.updates(), "update") + " to "
                    + Counted.of(followers, "follower") + ": " + report.verdict());
            return FAILED;
        }
        return OK;
    }
}
