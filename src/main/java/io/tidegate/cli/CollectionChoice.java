package io.tidegate.cli;

import io.tidegate.document.Collection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments that say which collections a command is about. */
final class CollectionChoice {

    @Parameters(paramLabel = "COLLECTION", arity = "0..*", description = "Only these collections (default: all).")
    private List<String> names = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The end of a request line, from its space on. */
    String words() {
        return names.stream().map(name -> " " + checked(name)).collect(Collectors.joining());
    }

    /** Here, and not by a converter: of arguments that may be missing picocli takes one that cannot be converted for another one. */
    private Collection checked(String name) {
        try {
            return new Collection(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "'" + name + "': " + e.getMessage());
        }
    }
}
