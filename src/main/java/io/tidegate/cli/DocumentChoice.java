package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The arguments that say which document a command is about. */
final class DocumentChoice {

    @Parameters(index = "0", paramLabel = "COLLECTION", description = "Collection of the document.")
    private @Nullable Collection collection;

    @Parameters(index = "1", paramLabel = "KEY", description = "Key of the document.")
    private @Nullable Key key;

    /** The words of a request line that name the document. */
    String words() {
        return requireNonNull(collection) + " " + requireNonNull(key).word();
    }
}
