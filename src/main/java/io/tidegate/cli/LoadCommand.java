package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.document.Collection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate load}. */
@Command(name = "load", description = "Put the documents of a file of newline-JSON, many at a time.")
final class LoadCommand implements Callable<Integer> {

    private static final int MAX_WINDOW = 65_536;
    private static final Path STANDARD_INPUT = Path.of("-");

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Parameters(paramLabel = "FILE", description = "File with one JSON document a line; - is standard input.")
    private Path file = STANDARD_INPUT;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            required = true,
            description = "Collection that the documents go to.")
    private @Nullable Collection collection;

    @Option(
            names = "--key",
            paramLabel = "FIELD",
            required = true,
            description = "Field with a document's key: id, or a path such as properties.code.")
    private @Nullable KeyPath key;

    @Option(
            names = "--window",
            paramLabel = "COUNT",
            defaultValue = "512",
            description = "Most documents on their way at once, 1 to " + MAX_WINDOW + " (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--skip",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Lines of the file to leave out, to go on with a load that stopped.")
    private long skip;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        requireRanges();
        long start = System.nanoTime();
        var inFlight = new InFlight(window, skip);
        Trouble trouble = load(inFlight);
        if (trouble != null) {
            throw CommandEnd.failed(story(trouble, inFlight.durableLine()));
        }
        report(inFlight, System.nanoTime() - start);
        return ExitCode.OK;
    }

    private void requireRanges() {
        if (window < 1 || window > MAX_WINDOW) {
            throw new ParameterException(spec.commandLine(), "--window is 1 to " + MAX_WINDOW + ", not " + window);
        }
        if (skip < 0) {
            throw new ParameterException(spec.commandLine(), "--skip is 0 or more, not " + skip);
        }
    }

    private @Nullable Trouble load(InFlight inFlight) throws CommandEnd, InterruptedException {
        try (InputStream input = open();
                LineClient client = server.connect()) {
            var progress = new ProgressBar(streams().err(), streams().watched(), size(), System::nanoTime);
            var loading = new Loading(client, requireNonNull(collection), requireNonNull(key), inFlight, progress);
            return loading.run(new LineReader(input), skip);
        } catch (NoSuchFileException e) {
            throw CommandEnd.failed("cannot read " + file + ": there is no such file");
        } catch (IOException e) {
            throw CommandEnd.failed(
                    "cannot read " + file + ": " + e.getMessage() + "; " + resumption(inFlight.durableLine()));
        }
    }

    private InputStream open() throws IOException {
        return isStandardInput() ? streams().in() : Files.newInputStream(file);
    }

    private long size() throws IOException {
        return isStandardInput() ? 0 : Files.size(file);
    }

    private boolean isStandardInput() {
        return file.equals(STANDARD_INPUT);
    }

    private String story(Trouble trouble, long durableLine) {
        return trouble.line() == 0
                ? "connection lost (" + trouble.reason() + "); " + resumption(durableLine)
                : "line " + trouble.line() + " of " + file + ": " + trouble.reason() + "; "
                        + resumption(trouble.line() - 1);
    }

    /** The line that failed may follow blank ones, which need no answer: hence the caller says what is durable. */
    private static String resumption(long durableLine) {
        return durableLine == 0
                ? "nothing before it was loaded"
                : "lines 1 to " + durableLine + " are durable, go on with --skip " + durableLine;
    }

    private void report(InFlight inFlight, long nanos) throws CommandEnd {
        double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
        String position = inFlight.documents() == 0 ? "" : ", position seq " + inFlight.lastSeq();
        streams()
                .output()
                .line(String.format(
                        Locale.ROOT,
                        "loaded %d documents into %s in %.1f s%s",
                        inFlight.documents(),
                        collection,
                        seconds,
                        position));
    }

    private Streams streams() {
        return tidegate.streams();
    }
}
