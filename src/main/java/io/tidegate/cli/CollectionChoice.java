package io.tidegate.cli;

import io.tidegate.document.Collection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** The arguments that say which collections a command is about. */
final class CollectionChoice {

    @Parameters(paramLabel = "COLLECTION", arity = "0..*", description = "Only these collections (default: all).")
    private List<Collection> collections = new ArrayList<>();

    /** The end of a request line, from its space on. */
    String words() {
        return collections.stream().map(collection -> " " + collection).collect(Collectors.joining());
    }
}
