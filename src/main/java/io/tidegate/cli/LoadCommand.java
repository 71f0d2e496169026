package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import io.tidegate.document.Collection;
import io.tidegate.document.Counted;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate load}. */
@Command(
        name = "load",
        description = "Put the documents of a file, many at a time.",
        footer = {
            "",
            "What 'export', 'sync' and 'follow' print has its own collections and keys: 'import' puts it back."
        })
final class LoadCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private FileLoad load;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "JSON: one document a line, or an array of documents, which a file is taken for that begins with [;"
                            + " - is standard input.")
    private Path file = FileLoad.STANDARD_INPUT;

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

    @Override
    public Integer call() throws CommandEnd, InterruptedException {
        long start = System.nanoTime();
        Collection into = requireNonNull(collection);
        InFlight loaded = load.load(tidegate.streams(), file, source -> new KeyedDocuments(source, into, keys.rule()));
        report(loaded, System.nanoTime() - start);
        return ExitCode.OK;
    }

    private void report(InFlight loaded, long nanos) throws CommandEnd {
        double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
        tidegate.streams()
                .output()
                .line(String.format(
                        Locale.ROOT,
                        "loaded %s into %s in %.1f s%s",
                        Counted.of(loaded.documents(), "document"),
                        collection,
                        seconds,
                        loaded.position()));
    }
}
