package io.tidegate.cli;

import io.tidegate.document.Counted;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate import}. */
@Command(
        name = "import",
        description = "Put and delete what 'export', 'sync', 'follow' or GET /v1/documents printed.",
        footer = {"", "Documents that are there and not in the file stay as they are."})
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private FileLoad load;

    @Parameters(paramLabel = "FILE", description = "Events, one a line or in a JSON array; - is standard input.")
    private Path file = FileLoad.STANDARD_INPUT;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        long start = System.nanoTime();
        var changes = new AtomicReference<PrintedChanges>();
        InFlight sent =
                load.load(tidegate.streams(), file, source -> changes.updateAndGet(none -> new PrintedChanges(source)));
        double seconds = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
        tidegate.streams()
                .output()
                .line(String.format(
                        Locale.ROOT,
                        "imported %s in %.1f s%s",
                        Counted.of(sent.documents(), "change"),
                        seconds,
                        sent.position()));
        PrintedChanges all = changes.get();
        if (all != null && all.endsOpen()) {
            tidegate.streams()
                    .notice("no 'synced' comes behind the last documents, as it does in an export: if it was one, it"
                            + " broke off, and is not whole");
        }
        return ExitCode.OK;
    }
}
