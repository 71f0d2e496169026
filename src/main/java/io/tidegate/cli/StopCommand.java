package io.tidegate.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate stop}. */
@Command(name = "stop", description = "Stop a server on this machine in good order, and wait until it is gone.")
final class StopCommand implements Callable<Integer> {

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

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        LocalServer server = choice.find();
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
