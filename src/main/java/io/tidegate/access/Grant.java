package io.tidegate.access;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.settings.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rights as they are written: for somebody whose name is put in for <code>${name}</code>. Immutable.
 *
 * @param read words: {@code *} for everything, or selectors
 * @param write likewise
 */
public record Grant(List<String> read, List<String> write, boolean admin) {

    static final String ALLOWED =
            "a list of selectors, such as [\"orders\", \"orders/eu-*\", \"inbox/${name}/*\"], or [\"*\"] for everything";

    /** Letters that mean nothing in a selector: a name that was put in selects no more than itself. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final String ALL = "*";
    private static final String PLACE = "${name}";
    private static final String ANY_PLACE = "${";

    /** @throws IllegalArgumentException with a message for people if there is a word that is none */
    public Grant {
        read = List.copyOf(read);
        write = List.copyOf(write);
        read.forEach(Grant::require);
        write.forEach(Grant::require);
    }

    private static void require(String word) {
        String put = word.replace(PLACE, "name");
        if (put.contains(ANY_PLACE)) {
            throw new IllegalArgumentException(
                    "'" + word + "': only ${name} can be put in; a $ before a { itself is written %24");
        }
        try {
            if (!put.equals(ALL)) {
                var unused = Selector.parse(put);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + word + "': " + e.getMessage(), e);
        }
    }

    private static boolean isWord(String word) {
        try {
            require(word);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether it is a word without a name to be put in. */
    static boolean isForAnybody(String word) {
        return isWord(word) && !word.contains(PLACE);
    }

    /** Reads the members {@code read} and {@code write} of a section, and {@code admin} where there is one. */
    static Grant from(Section section) {
        return new Grant(
                words(section, "read"), words(section, "write"), section.has("admin") && section.isOn("admin"));
    }

    private static List<String> words(Section section, String key) {
        return section.has(key) ? section.list(key, ALLOWED, Grant::isWord) : List.of();
    }

    /** Whether the name matters. */
    boolean isPersonal() {
        return read.stream().anyMatch(word -> word.contains(PLACE))
                || write.stream().anyMatch(word -> word.contains(PLACE));
    }

    /** The rights of whoever has that name; empty if it is none that can be put in, and has to be. */
    Optional<Rights> to(String name) {
        if (isPersonal() && !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Rights(selection(read, name), selection(write, name), admin));
        } catch (IllegalArgumentException e) {
            // With that name it is too long, or a word that no collection may have.
            return Optional.empty();
        }
    }

    private static Selection selection(List<String> words, String name) {
        return words.contains(ALL)
                ? Selection.ALL
                : Selection.of(words.stream()
                        .map(word -> Selector.parse(word.replace(PLACE, name)))
                        .toList());
    }

    /** How a selection is written: the fewest words for it. */
    public static List<String> words(Selection selection) {
        return selection.isAll()
                ? List.of(ALL)
                : selection.least().stream().map(Grant::word).toList();
    }

    /** What means more here than in a selector stands for itself. */
    private static String word(Selector selector) {
        String word = selector.toString();
        return word.equals(ALL) ? "%2A" : word.replace(ANY_PLACE, "%24{");
    }
}
