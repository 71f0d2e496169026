package io.tidegate.http;

import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entity tags and the headers that ask for them (RFC 9110, sections 8.8.3 and 13.1). A document's tag is the position of the
 * update that gave it its value: {@code "k7f3:1042"}.
 */
final class EntityTags {

    private static final Pattern LIST = Pattern.compile("\\s*(?:(W/)?\"([^\"]*)\"\\s*)?(?:,\\s*|$)");

    private EntityTags() {}

    /** The tag of a document. */
    static String of(Position position) {
        return "\"" + position + "\"";
    }

    /**
     * What {@code If-Match} and {@code If-None-Match} want to be so.
     *
     * @throws Problem.Refusal 400 if a header is neither {@code *} nor a list of tags
     */
    static Precondition precondition(HttpRequest request) throws Problem.Refusal {
        Precondition match = ifMatch(request);
        Precondition noneMatch = ifNoneMatch(request);
        if (match instanceof Precondition.None) {
            return noneMatch;
        }
        return noneMatch instanceof Precondition.None ? match : match.and(noneMatch);
    }

    /**
     * Weak tags never match here, and neither does what is no position of ours. A header without a tag, as a client writes it
     * that has none, names no document at all.
     */
    static Precondition ifMatch(HttpRequest request) throws Problem.Refusal {
        Optional<String> tags = value(request, "If-Match");
        if (tags.isEmpty()) {
            return Precondition.none();
        }
        return tags.get().equals("*")
                ? Precondition.mustExist()
                : Precondition.mustBeAt(positions("If-Match", tags.get(), false));
    }

    /** The positions in {@code If-Match}; none if it is missing or {@code *}. */
    static Set<Position> matched(HttpRequest request) throws Problem.Refusal {
        Optional<String> tags = value(request, "If-Match");
        return tags.isEmpty() || tags.get().equals("*") ? Set.of() : positions("If-Match", tags.get(), false);
    }

    static Precondition ifNoneMatch(HttpRequest request) throws Problem.Refusal {
        Optional<String> tags = value(request, "If-None-Match");
        if (tags.isEmpty()) {
            return Precondition.none();
        }
        return tags.get().equals("*")
                ? Precondition.mustNotExist()
                : Precondition.mustNotBeAt(positions("If-None-Match", tags.get(), true));
    }

    /** All lines of a header that is a list; empty if there is not even one. */
    private static Optional<String> value(HttpRequest request, String name) {
        List<String> lines = request.all(name);
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(",", lines).strip());
    }

    private static Set<Position> positions(String name, String tags, boolean weakToo) throws Problem.Refusal {
        Set<Position> positions = new HashSet<>();
        Matcher matcher = LIST.matcher(tags);
        int at = 0;
        while (at < tags.length()) {
            // Here or nowhere: to look for a tag further on takes the square of the time for a header that has none.
            if (!matcher.region(at, tags.length()).lookingAt() || matcher.end() == at) {
                throw bad(name + " is neither * nor a list of entity tags, which are positions in quotes");
            }
            at = matcher.end();
            if (matcher.group(2) != null && (weakToo || matcher.group(1) == null)) {
                positions.addAll(position(matcher.group(2)));
            }
        }
        if (positions.size() > Precondition.MAX_POSITIONS) {
            throw bad("a condition names at most " + Precondition.MAX_POSITIONS + " entity tags");
        }
        return positions;
    }

    private static List<Position> position(String tag) {
        try {
            Position position = Position.parse(tag);
            // Tags are compared by octets: "k7f3:0007" is a position that we read, and no tag that we gave.
            return position.toString().equals(tag) ? List.of(position) : List.of();
        } catch (IllegalArgumentException e) {
            // Somebody else's tag: no document of ours has it.
            return List.of();
        }
    }

    private static Problem.Refusal bad(String detail) {
        return Problem.badRequest(detail).refusal();
    }
}
