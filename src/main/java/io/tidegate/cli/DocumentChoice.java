package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that say which document a command changes, and whether it may have done so before. */
final class DocumentChoice {

    @Parameters(index = "0", paramLabel = "COLLECTION", description = "Collection of the document.")
    private @Nullable Collection collection;

    @Parameters(index = "1", paramLabel = "KEY", description = "Key of the document.")
    private @Nullable Key key;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "What this change is called: sent again with the same id, it takes effect once.")
    private @Nullable PublicationId id;

    /** The words of a request line that name the document and the change. */
    String words() {
        return words(requireNonNull(collection), requireNonNull(key), id);
    }

    static String words(Collection collection, Key key, @Nullable PublicationId id) {
        String names = collection + " " + key.word();
        return id == null ? names : names + " @id=" + id;
    }
}
