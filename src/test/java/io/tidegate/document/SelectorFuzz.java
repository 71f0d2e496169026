package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Selectors as clients write them, a word each: what they cover is the same, whoever is asked. */
class SelectorFuzz {

    private static final int MOST = 6;

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatSelectorsCoverIsTheSameWhoeverIsAsked(byte[] bytes) {
        List<Selector> selectors = selectors(new String(bytes, StandardCharsets.UTF_8));
        List<DocumentName> names = names(selectors);
        selectors.forEach(selector -> assertThat(Selector.parse(selector.toString()))
                .as("written and read")
                .isEqualTo(selector));
        for (Selector one : selectors) {
            for (Selector other : selectors) {
                compare(one, other, selectors, names);
            }
        }
        var selection = Selection.of(selectors);
        assertThat(Selection.of(selection.least())).isEqualTo(selection).hasSameHashCodeAs(selection);
        names.forEach(name -> compare(selection, selectors, name));
    }

    private static List<Selector> selectors(String text) {
        List<Selector> selectors = new ArrayList<>();
        for (String word : text.split("[ \n]", MOST + 1)) {
            try {
                if (selectors.size() < MOST) {
                    selectors.add(Selector.parse(word));
                }
            } catch (IllegalArgumentException e) {
                assertThat(Visible.of(String.valueOf(e.getMessage()))).isEqualTo(e.getMessage());
            }
        }
        return selectors;
    }

    /** Such as begin like the selectors, and such as end just in front of that. */
    private static List<DocumentName> names(List<Selector> selectors) {
        List<DocumentName> names = new ArrayList<>();
        for (Selector selector : selectors) {
            String beginning = selector.beginning();
            for (String more : List.of("", "a", "\"", "\u20ac", "\\u0041", "*")) {
                add(selector.collection(), beginning + more, names);
            }
            if (!beginning.isEmpty()) {
                int end = beginning.offsetByCodePoints(beginning.length(), -1);
                add(selector.collection(), beginning.substring(0, end), names);
            }
        }
        return names;
    }

    private static void add(Collection collection, String key, List<DocumentName> names) {
        if (!key.isEmpty() && key.codePointCount(0, key.length()) <= Key.MAX_LENGTH) {
            names.add(new DocumentName(collection, new Key(key)));
        }
    }

    private static void compare(Selector one, Selector other, List<Selector> all, List<DocumentName> names) {
        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
        if (one.covers(other)) {
            names.stream().filter(other::includes).forEach(name -> assertThat(one.includes(name))
                    .as("%s covers %s, and so %s", one, other, name)
                    .isTrue());
            all.stream().filter(other::covers).forEach(third -> assertThat(one.covers(third))
                    .as("%s covers %s, and so %s", one, other, third)
                    .isTrue());
        }
    }

    private static void compare(Selection selection, List<Selector> selectors, DocumentName name) {
        boolean isIncluded = selectors.stream().anyMatch(selector -> selector.includes(name));
        assertThat(selection.includes(name)).as("%s in %s", name, selection).isEqualTo(isIncluded);
        Keys keys = selection.keysOf(name.collection());
        byte[] utf8 = name.key().text().getBytes(StandardCharsets.UTF_8);
        assertThat(keys.includeUtf8(utf8, 0, utf8.length))
                .as("%s in UTF-8", name)
                .isEqualTo(isIncluded);
        var line = new Utf8Buffer(64);
        line.put("{\"key\":".getBytes(StandardCharsets.US_ASCII))
                .putJsonString(name.key().text());
        line.put(",\"value\":\"\"}\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(keys.include(line.toArray(), "{\"key\":\"".length()))
                .as("%s in JSON", name)
                .isEqualTo(isIncluded);
        assertThat(selection.covers(new Selector.One(name.collection(), name.key())))
                .isEqualTo(isIncluded);
    }
}
