package io.tidegate.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate stop}. */
@Command(name = "stop", description = "Stop a server on this machine in good order, and wait until it is gone.")
final class StopCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Option(names = "--pid", paramLabel = "PID", description = "Which one, if there are several.")
    private @Nullable Long pid;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for its end (default: ${DEFAULT-VALUE}).")
    private long waitSeconds;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        LocalServer server = find();
        long start = System.nanoTime();
        // Asked for before the shutdown: afterwards the process may be gone already.
        var process = ProcessHandle.of(server.pid());
        server.shutdown();
        if (process.isPresent()) {
            awaitExit(process.get());
        }
        double seconds = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
        tidegate.streams().output().line(String.format(Locale.ROOT, "stopped %d in %.1f s", server.pid(), seconds));
        return ExitCode.OK;
    }

    private LocalServer find() throws CommandEnd {
        try {
            List<LocalServer> processes = LocalServer.javaProcesses();
            return pid == null ? onlyServer(processes) : withPid(pid, processes);
        } catch (NoClassDefFoundError e) {
            throw CommandEnd.failed("this Java runtime cannot attach to another (it has no module jdk.attach):"
                    + " use a JDK, or end the server with SIGTERM");
        }
    }

    private static LocalServer onlyServer(List<LocalServer> processes) throws CommandEnd {
        List<LocalServer> servers =
                processes.stream().filter(LocalServer::isServe).toList();
        if (servers.isEmpty()) {
            throw CommandEnd.failed("no server of this user runs on this machine");
        }
        if (servers.size() > 1) {
            throw CommandEnd.failed("several servers run here, choose one with --pid:"
                    + servers.stream()
                            .map(server -> "\n  " + server.pid() + "  " + server.command())
                            .collect(Collectors.joining()));
        }
        return servers.get(0);
    }

    /** Only what is known to be a JVM of this user is attached to: the signal for it would end any other program. */
    private static LocalServer withPid(long pid, List<LocalServer> processes) throws CommandEnd {
        return processes.stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> CommandEnd.failed("process " + pid + " is no Java process of this user"));
    }

    private void awaitExit(ProcessHandle process) throws CommandEnd, InterruptedException {
        try {
            var unused = process.onExit().get(waitSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw CommandEnd.failed("process " + process.pid() + " is still draining after " + waitSeconds + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
