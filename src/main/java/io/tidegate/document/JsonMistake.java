package io.tidegate.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a text that is not JSON, for people: the parser's words without the names of its own switches. */
final class JsonMistake {

    /** {@code Unexpected character ('x' (code 120))} and {@code Illegal unquoted character ((CTRL-CHAR, code 10))}. */
    private static final Pattern CHARACTER =
            Pattern.compile("^(?:Unexpected|Illegal|Illegal unquoted) character \\(.*?code (\\d+)[^)]*\\)\\)");

    private static final Pattern NO_TOKEN = Pattern.compile("^Non-standard token '(.*)': enable .*");

    /** Where the text came from, which switch would allow it, what any value may be. */
    private static final Pattern REMARKS = Pattern.compile(" \\((?:start marker at|for \\w+ starting at) .*"
            + "|: JSON spec does not allow .*"
            + "|[:;]? ?\\(?(?:or |consider )?enabl(?:e|ing) `.*"
            + "|:? ?(?:expected a valid value|was expecting)? ?\\(JSON String, .*");

    private JsonMistake() {}

    static String of(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "too deep: arrays and objects have at most " + Json.MAX_DEPTH + " levels within one another";
        }
        String what = e instanceof JsonEOFException ? "it ends too early" : explained(e.getOriginalMessage());
        return "not JSON" + place(e.getLocation()) + ": " + Visible.of(what);
    }

    private static String place(@Nullable JsonLocation location) {
        if (location == null) {
            return "";
        }
        String line = location.getLineNr() > 1 ? "line " + location.getLineNr() + ", " : "";
        return " at " + line + "character " + location.getColumnNr();
    }

    private static String explained(String message) {
        String line = message.lines().findFirst().orElse("");
        Matcher token = NO_TOKEN.matcher(line);
        if (token.matches()) {
            return "there is no " + token.group(1);
        }
        String said = CHARACTER.matcher(line).replaceFirst(JsonMistake::unexpected);
        if (said.contains("(non-standard) comment")) {
            return "there are no comments";
        }
        return REMARKS.matcher(said).replaceFirst("");
    }

    private static String unexpected(MatchResult found) {
        int code = Integer.parseInt(found.group(1));
        boolean half = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
        return Matcher.quoteReplacement("unexpected " + (half ? "character" : Visible.character(code)));
    }
}
