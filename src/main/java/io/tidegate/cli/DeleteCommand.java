package io.tidegate.cli;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.client.LineClient;
import io.tidegate.document.Collection;
import io.tidegate.document.Counted;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Reason;
import io.tidegate.document.Selector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate delete}. */
@Command(name = "delete", description = "Delete one document, or all of a collection, and wait until that is durable.")
final class DeleteCommand implements Callable<Integer> {

    private static final int WINDOW = 512;
    private static final String AGAIN = ", go on with the same again";
    private static final Duration RETRY = Duration.ofSeconds(60);

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "COLLECTION", arity = "0..1", description = "Collection of the document.")
    private @Nullable Collection collection;

    @Parameters(index = "1", paramLabel = "KEY", arity = "0..1", description = "Key of the document.")
    private @Nullable Key key;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "What this change is called: sent again with the same id, it takes effect once.")
    private @Nullable PublicationId id;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            description = "Instead: all documents that this collection has now, in the order of their keys.")
    private @Nullable Collection whole;

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        Collection all = whole;
        if (all != null && collection == null && id == null) {
            deleteAll(all);
        } else if (all == null && collection != null && key != null) {
            String request = "delete " + DocumentChoice.words(collection, key, id) + "\n";
            new Publisher(server, tidegate.streams().output()).publish(request.getBytes(StandardCharsets.UTF_8));
        } else {
            throw new ParameterException(
                    spec.commandLine(),
                    "one document is named by COLLECTION and KEY, all of a collection by --collection alone");
        }
        return ExitCode.OK;
    }

    private void deleteAll(Collection collection) throws CommandEnd, InterruptedException {
        Streams streams = tidegate.streams();
        var inFlight = new InFlight(WINDOW, 0);
        var progress = new ProgressBar(streams.err(), streams.watched(), 0, System::nanoTime);
        Interruption interruption = Interruption.does(() -> {
            progress.clear();
            streams.notice("interrupted; " + deleted(inFlight) + AGAIN);
        });
        try (LineClient reading = server.connect();
                LineClient deleting = server.connect()) {
            reading.send("sync " + new Selector.Whole(collection));
            var names = new StoredNames(reading.lines(), collection);
            Trouble trouble = new Loading(deleting, retrying(), names, inFlight, progress).run(0);
            if (trouble != null) {
                throw CommandEnd.failed(trouble.reason() + "; " + deleted(inFlight) + AGAIN);
            }
        } catch (OutOfMemoryError e) {
            throw CommandEnd.failed(Commands.OUT_OF_MEMORY + "; " + deleted(inFlight) + AGAIN);
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read what there is: " + Reason.of(e) + "; " + deleted(inFlight) + AGAIN);
        } finally {
            interruption.over();
        }
        streams.output().line(deleted(inFlight) + " of " + collection + inFlight.position());
    }

    private static String deleted(InFlight inFlight) {
        return "deleted " + Counted.of(inFlight.documents(), "document");
    }

    private Retrying retrying() {
        return new Retrying(server.reconnection(), RETRY, System::nanoTime, tidegate.streams()::notice);
    }
}
