package io.tidegate.cli;

import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments that say what a command is about. */
final class SelectorChoice {

    /** In place of selectors: nothing is selected. */
    private static final String NONE = "none";

    @Parameters(
            paramLabel = "SELECTOR",
            arity = "0..*",
            description = {
                "Only what these name: orders, orders/o-17, 'orders/eu-*' (default: all; none: nothing).",
                "A key's space is written as it is, in quotes, or %%20; an asterisk at a key's end %%2A."
            })
    private List<String> words = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The end of a request line, from its space on. */
    String words() {
        return words(words, command);
    }

    /**
     * The same of words that a command has otherwise.
     *
     * @param command which is told when one is none
     */
    static String words(List<String> words, CommandSpec command) {
        if (words.contains(NONE) && words.size() > 1) {
            throw new ParameterException(command.commandLine(), "none stands alone: it selects nothing");
        }
        return words.stream().map(word -> " " + word(word, command)).collect(Collectors.joining());
    }

    /** Here, and not by a converter: of arguments that may be missing picocli takes one that cannot be converted for another one. */
    private static String word(String given, CommandSpec command) {
        if (given.equals(NONE)) {
            return NONE;
        }
        try {
            return Selector.parse(given).toString();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "'" + given + "': " + e.getMessage());
        }
    }
}
