package io.tidegate.cli;

import io.tidegate.document.Visible;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, for people: picocli's words without its indexes and the names of classes. */
final class Misuse {

    private static final Pattern CONVERSION =
            Pattern.compile("cannot convert '(.*)' to [^(]* \\(.*\\)", Pattern.DOTALL);
    private static final Pattern CHOICE =
            Pattern.compile("expected one of \\[(.*)] \\(case-\\w+\\) but was '(.*)'", Pattern.DOTALL);
    private static final Pattern POSITION = Pattern.compile("positional parameter at index \\S+ \\((.*?)\\)");

    private Misuse() {}

    static String of(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return Visible.of(unmatched(unmatched));
        }
        String said = String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
        said = POSITION.matcher(said).replaceAll("$1");
        said = CONVERSION
                .matcher(said)
                .replaceAll(found -> Matcher.quoteReplacement("it cannot be '" + found.group(1) + "'"));
        said = CHOICE.matcher(said).replaceAll(Misuse::choice);
        return Visible.of(said);
    }

    /** Of each value picocli shows the constant's name as well as its own. */
    private static String choice(MatchResult found) {
        String values = Arrays.stream(found.group(1).toLowerCase(Locale.ROOT).split(", "))
                .distinct()
                .collect(Collectors.joining(", "));
        return Matcher.quoteReplacement("'" + found.group(2) + "': it is one of " + values);
    }

    private static String unmatched(UnmatchedArgumentException e) {
        String first = e.getUnmatched().get(0);
        boolean isOption = first.startsWith("-") && first.length() > 1;
        if (!isOption && e.getCommandLine().getSubcommands().isEmpty()) {
            return "'" + first + "' is one argument too many";
        }
        return "there is no " + (isOption ? "option" : "command") + " '" + first + "'"
                + (first.startsWith("-Dtidegate.")
                        ? ": a setting stands before -jar: java " + first + " -jar ..."
                        : "");
    }
}
