package io.tidegate.cli;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.client.LineClient;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that send a file have in common: how it is sent, and what is told when something stops it. */
final class FileLoad {

    private static final int MAX_WINDOW = 65_536;
    private static final int MAX_RETRY_SECONDS = 86_400;

    /** In the place of a file. */
    static final Path STANDARD_INPUT = Path.of("-");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ServerAddress server;

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

    private InFlight inFlight() {
        if (window < 1 || window > MAX_WINDOW) {
            throw new ParameterException(command.commandLine(), "--window is 1 to " + MAX_WINDOW + ", not " + window);
        }
        if (skip < 0) {
            throw new ParameterException(command.commandLine(), "--skip is 0 or more, not " + skip);
        }
        if (retrySeconds < 0 || retrySeconds > MAX_RETRY_SECONDS) {
            throw new ParameterException(
                    command.commandLine(), "--retry is 0 to " + MAX_RETRY_SECONDS + ", not " + retrySeconds);
        }
        return new InFlight(window, skip);
    }

    /**
     * Sends a file.
     *
     * @param changes what of its documents is sent
     * @return what was sent, when all is durable
     */
    InFlight load(Streams streams, Path file, Function<DocumentSource, ChangeSource> changes)
            throws CommandEnd, InterruptedException {
        return new Load(streams, file, inFlight()).run(changes);
    }

    /** Of one file. */
    private final class Load {

        private final Streams streams;
        private final Path file;
        private final InFlight inFlight;

        Load(Streams streams, Path file, InFlight inFlight) {
            this.streams = streams;
            this.file = file;
            this.inFlight = inFlight;
        }

        InFlight run(Function<DocumentSource, ChangeSource> changes) throws CommandEnd, InterruptedException {
            try (InputStream input = open()) {
                run(changes.apply(new DocumentSource(input)));
                return inFlight;
            } catch (IOException e) {
                throw CommandEnd.failed("cannot read " + name() + ": " + Reason.of(e));
            }
        }

        private void run(ChangeSource source) throws IOException, CommandEnd, InterruptedException {
            var progress = new ProgressBar(streams.err(), streams.watched(), size(), System::nanoTime);
            Runnable farewell = () -> {
                progress.clear();
                String done =
                        inFlight.durable() == 0 ? "nothing was loaded" : resumption(source.unit(), inFlight.durable());
                streams.notice("interrupted; " + done);
            };
            Interruption interruption = Interruption.does(farewell);
            try (LineClient client = server.connect()) {
                Trouble trouble = send(new Loading(client, retrying(), source, inFlight, progress), source.unit());
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

        private @Nullable Trouble send(Loading loading, String unit)
                throws IOException, CommandEnd, InterruptedException {
            try {
                return loading.run(skip);
            } catch (OutOfMemoryError e) {
                throw CommandEnd.failed(Commands.OUT_OF_MEMORY + "; " + resumption(unit, inFlight.durable()));
            } catch (RuntimeException | Error e) {
                streams.notice("the load broke off; " + resumption(unit, inFlight.durable()));
                throw e;
            }
        }

        private Retrying retrying() {
            return new Retrying(
                    server.reconnection(), Duration.ofSeconds(retrySeconds), System::nanoTime, streams::notice);
        }

        private InputStream open() throws IOException {
            return isStandardInput() ? streams.in() : Files.newInputStream(file);
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
    }

    /** The line that failed may follow blank ones, which need no answer: hence the caller says what is durable. */
    private static String resumption(String unit, long durable) {
        if (durable == 0) {
            return "nothing before it was loaded";
        }
        String loaded = durable == 1 ? unit + " 1 is" : unit + "s 1 to " + durable + " are";
        return loaded + " durable, go on with --skip " + durable;
    }
}
