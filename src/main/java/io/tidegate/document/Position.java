package io.tidegate.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the history of the log, written {@code epoch:seq}, for example {@code k7f3x2ab:1042}.
 *
 * <p>A sequence number alone is unsafe to resume from: a store that was wiped starts again at 1, one that was put back from a
 * backup starts again where that was made, and a client that had reached 500 would silently miss what has its numbers now. An
 * epoch is one run of the server on its store, and its name is never given again.
 *
 * @param epoch name of the run: 1 to 32 lower-case letters and digits
 * @param seq last sequence number that was seen; 0 is the beginning
 */
public record Position(String epoch, long seq) {

    private static final Pattern EPOCH = Pattern.compile("[a-z0-9]{1,32}");
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{1,32}):([0-9]{1,18})");

    public Position {
        if (!EPOCH.matcher(epoch).matches() || seq < 0) {
            throw new IllegalArgumentException("not a position: " + epoch + ":" + seq);
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException with a message for the client
     */
    public static Position parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a position is epoch:seq with at most 18 digits, for example k7f3x2ab:1042");
        }
        return new Position(form.group(1), Long.parseLong(form.group(2)));
    }

    @Override
    public String toString() {
        return epoch + ":" + seq;
    }
}
