package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.client.BackOff;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import io.tidegate.document.Collection;
import io.tidegate.document.Counted;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate load}. */
@Command(
        name = "load",
        description = "Put the documents of a file, many at a time.",
        footer = {
            "",
            "What 'sync', 'follow' and GET /v1/documents print has its own keys. This puts it back:",
            "  curl -H 'Content-Type: application/x-ndjson' --data-binary @FILE http://127.0.0.1:8080/v1/updates"
        })
final class LoadCommand implements Callable<Integer> {

    private static final int MAX_WINDOW = 65_536;
    private static final int MAX_RETRY_SECONDS = 86_400;
    private static final Path STANDARD_INPUT = Path.of("-");

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Parameters(
            paramLabel = "FILE",
            description = "JSON: one document a line, or an array of documents; - is standard input.")
    private Path file = STANDARD_INPUT;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            required = true,
            description = "Collection that the documents go to.")
    private @Nullable Collection collection;

    /** Where the documents' keys come from. */
    static final class Keys {
        @Option(
                names = "--key",
                paramLabel = "FIELD",
                description = "Field with a document's key: id, or a path such as properties.code;"
                        + " several, such as year,country, are joined by commas.")
        private @Nullable KeyRule fields;

        @Option(names = "--key-line", description = "The number of its line, or of its item of the array, is the key.")
        private boolean line;

        KeyRule rule() {
            return line ? KeyRule.NUMBER : requireNonNull(fields);
        }
    }

    @ArgGroup(multiplicity = "1")
    private Keys keys = new Keys();

    @Option(
            names = "--window",
            paramLabel = "COUNT",
            defaultValue = "512",
            description = "Most documents on their way at once (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--skip",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Lines or items to leave out, to go on with a load that stopped.")
    private long skip;

    @Option(
            names = "--retry",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to try to go on when the server is away (default: ${DEFAULT-VALUE}).")
    private long retrySeconds;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        requireRanges();
        long start = System.nanoTime();
        var inFlight = new InFlight(window, skip);
        load(inFlight);
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
        if (retrySeconds < 0 || retrySeconds > MAX_RETRY_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--retry is 0 to " + MAX_RETRY_SECONDS + ", not " + retrySeconds);
        }
    }

    private void load(InFlight inFlight) throws CommandEnd, InterruptedException {
        try (InputStream input = open()) {
            load(new DocumentSource(input), inFlight);
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read " + name() + ": " + Reason.of(e));
        }
    }

    private void load(DocumentSource source, InFlight inFlight) throws IOException, CommandEnd, InterruptedException {
        var progress = new ProgressBar(streams().err(), streams().watched(), size(), System::nanoTime);
        Runnable farewell = () -> {
            progress.clear();
            String done =
                    inFlight.durable() == 0 ? "nothing was loaded" : resumption(source.unit(), inFlight.durable());
            streams().notice("interrupted; " + done);
        };
        Interruption interruption = Interruption.does(farewell);
        try (LineClient client = server.connect()) {
            var loading = new Loading(
                    client, retrying(), source, requireNonNull(collection), keys.rule(), inFlight, progress);
            Trouble trouble = loading.run(skip);
            if (trouble != null) {
                throw CommandEnd.failed(story(trouble, source.unit(), inFlight.durable()));
            }
        } catch (IOException e) {
            progress.clear();
            throw CommandEnd.failed("cannot read " + name() + ": " + Reason.of(e) + "; "
                    + resumption(source.unit(), inFlight.durable()));
        } finally {
            interruption.over();
        }
    }

    private Retrying retrying() {
        var reconnection = new Reconnection(
                server::open,
                pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis()),
                new BackOff(RandomGenerator.getDefault()));
        return new Retrying(reconnection, Duration.ofSeconds(retrySeconds), System::nanoTime, streams()::notice);
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

    private String name() {
        return isStandardInput() ? "standard input" : file.toString();
    }

    private String story(Trouble trouble, String unit, long durable) {
        return trouble.number() == 0
                ? "connection lost (" + trouble.reason() + "); " + resumption(unit, durable)
                : unit + " " + trouble.number() + " of " + name() + ": " + trouble.reason() + "; "
                        + resumption(unit, trouble.number() - 1);
    }

    /** The line that failed may follow blank ones, which need no answer: hence the caller says what is durable. */
    private static String resumption(String unit, long durable) {
        if (durable == 0) {
            return "nothing before it was loaded";
        }
        String loaded = durable == 1 ? unit + " 1 is" : unit + "s 1 to " + durable + " are";
        return loaded + " durable, go on with --skip " + durable;
    }

    private void report(InFlight inFlight, long nanos) throws CommandEnd {
        double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
        String position = inFlight.documents() == 0 ? "" : ", position seq " + inFlight.lastSeq();
        streams()
                .output()
                .line(String.format(
                        Locale.ROOT,
                        "loaded %s into %s in %.1f s%s",
                        Counted.of(inFlight.documents(), "document"),
                        collection,
                        seconds,
                        position));
    }

    private Streams streams() {
        return tidegate.streams();
    }
}
