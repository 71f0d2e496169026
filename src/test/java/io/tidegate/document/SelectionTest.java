package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectionTest {

    private static Selection selection(String... words) {
        return Selection.of(Stream.of(words).map(Selector::parse).toList());
    }

    private static DocumentName name(String collection, String key) {
        return new DocumentName(new Collection(collection), new Key(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "orders/o-17",
                "orders/eu-*",
                "orders/a/b",
                "orders/a/*",
                "orders/*a",
                "orders/a*b",
                "orders/100%25",
                "orders/a%20b",
                "orders/eu-%2A",
                "or%2Fders/x",
                "orders*",
                "%61fter-all",
                "%6Eone",
                "%6Catest",
                "none/x",
                "Zürich/Straße-*"
            })
    void aSelectorIsWrittenAsItIsRead(String word) {
        String written = Selector.parse(word).toString();

        assertThat(Selector.parse(written)).isEqualTo(Selector.parse(word));
        assertThat(written).isEqualTo(word.startsWith("%61") ? "after-all" : word);
    }

    @Test
    void theFirstSlashEndsTheCollectionAndTheLastStarMeansAllThatBeginsSo() {
        assertThat(Selector.parse("a/b/c*")).isEqualTo(new Selector.Prefix(new Collection("a"), "b/c"));
        assertThat(Selector.parse("a/b/c")).isEqualTo(new Selector.One(new Collection("a"), new Key("b/c")));
        assertThat(Selector.parse("a/*")).isEqualTo(new Selector.Whole(new Collection("a")));
        assertThat(Selector.parse("a/%2A")).isEqualTo(new Selector.One(new Collection("a"), new Key("*")));
        assertThat(Selector.parse("a/**")).isEqualTo(new Selector.Prefix(new Collection("a"), "*"));
        assertThat(Selector.parse("a%2Fb")).isEqualTo(new Selector.Whole(new Collection("a/b")));
        assertThat(Selector.parse("a%2fb/c")).isEqualTo(new Selector.One(new Collection("a/b"), new Key("c")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a b", "%61fter", "a/%00", "a/%FF", "a/%0A*"})
    void whatNamesNothingIsRefused(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Selector.parse(word))
                .withMessageNotContaining("java");
    }

    @Test
    void aKeyThatIsTooLongIsRefusedAsAPrefixToo() {
        String longest = "k".repeat(Key.MAX_LENGTH);

        assertThat(Selector.parse("a/" + longest + "*").beginning()).isEqualTo(longest);
        assertThatIllegalArgumentException().isThrownBy(() -> Selector.parse("a/" + longest + "k*"));
    }

    @Test
    void selectionsAreEqualIfTheyCoverTheSameWhateverTheirOrder() {
        assertThat(selection("b", "a", "b", "a/x", "a/y*"))
                .isEqualTo(selection("a", "b"))
                .hasSameHashCodeAs(selection("a", "b"))
                .isNotEqualTo(selection("a"))
                .isNotEqualTo(Selection.ALL);
        assertThat(selection("a/eu-*", "a/eu-1", "a/eu", "a/eu-1*").least())
                .extracting(Object::toString)
                .containsExactly("a/eu", "a/eu-*");
        assertThat(selection("a/x", "a/x*")).isEqualTo(selection("a/x*"));
    }

    @Test
    void itRemembersItsSelectorsAsTheyWereGiven() {
        Selection given = selection("a", "a/x");

        assertThat(given.toString()).isEqualTo("a, a/x");
        assertThat(given.without(List.of(Selector.parse("a")))).isEqualTo(selection("a/x"));
        List<Selector> more = Stream.of("a", "b", "a", "c").map(Selector::parse).toList();
        assertThat(given.without(more)).isEqualTo(selection("a/x"));
        assertThat(given.without(given.given())).isEqualTo(Selection.NONE);
        assertThat(selection("a/x").with(List.of(Selector.parse("b/*")))).isEqualTo(selection("b", "a/x"));
    }

    @Test
    void everythingIsNotNothing() {
        assertThat(Selection.ofCollections(List.of())).isEqualTo(Selection.ALL).hasToString("all");
        assertThat(Selection.of(List.of()))
                .isEqualTo(Selection.NONE)
                .hasToString("none")
                .isNotEqualTo(Selection.ALL);
        assertThat(Selection.ALL.includes(name("anything", "k"))).isTrue();
        assertThat(Selection.NONE.includes(name("anything", "k"))).isFalse();
        assertThat(Selection.ALL.with(List.of(Selector.parse("a")))).isEqualTo(Selection.ALL);
    }

    @ParameterizedTest
    @CsvSource({"a, true", "a/x, true", "a/xy*, true", "b/k, true", "b/key, false", "b/k*, false", "c, false"})
    void itCoversWhatOneOfItsSelectorsCovers(String selector, boolean covered) {
        assertThat(selection("a", "b/k", "c/x*").covers(Selector.parse(selector)))
                .isEqualTo(covered);
    }

    /** Keys that begin alike, with characters that JSON escapes, and some of several bytes. */
    @Test
    void whatSteersATerminalIsNotRepeated() {
        assertThatThrownBy(() -> Selector.parse("orders\u202e/"))
                .hasMessage("a key is missing behind the /: a collection as a whole is written ordersU+202E");
    }

    @Test
    void keysInEventLinesAreFoundAsKeysAre() {
        for (int seed = 1; seed <= 3000; seed++) {
            var random = new Random(seed);
            List<Selector> selectors = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                String text = text(random);
                var collection = new Collection("c" + random.nextInt(2));
                selectors.add(
                        random.nextBoolean()
                                ? new Selector.Prefix(collection, text)
                                : new Selector.One(collection, new Key(text)));
            }
            Selection selection = Selection.of(selectors);
            DocumentName name = name("c" + random.nextInt(2), text(random));
            boolean expected = selectors.stream().anyMatch(one -> one.includes(name));

            var line = new Utf8Buffer(16);
            line.putJsonString(name.key().text()).put((byte) ',');
            assertThat(selection.keysOf(name.collection()).include(line.toArray(), 1))
                    .as("seed %s: %s in %s", seed, name, selection)
                    .isEqualTo(expected);
            byte[] utf8 = (">" + name.key() + "<").getBytes(StandardCharsets.UTF_8);
            assertThat(selection.keysOf(name.collection()).includeUtf8(utf8, 1, utf8.length - 1))
                    .as("seed %s: %s in %s", seed, name, selection)
                    .isEqualTo(expected);
            assertThat(selection.includes(name)).isEqualTo(expected);
            assertThat(Arrays.asList(selection.toString().split(", ", -1)).stream()
                            .map(Selector::parse))
                    .containsExactlyElementsOf(selection.given());
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.appendCodePoint("ab\"\\é😀*% /".codePoints().toArray()[random.nextInt(10)]);
        }
        return text.toString();
    }

    @Test
    void aSelectionCoversThoseThatHaveNoMore() {
        Selection desk = selection("orders", "prices/eu-*");

        assertThat(Selection.ALL.covers(Selection.ALL)).isTrue();
        assertThat(Selection.ALL.covers(desk)).isTrue();
        assertThat(desk.covers(Selection.NONE)).isTrue();
        assertThat(desk.covers(desk)).isTrue();
        assertThat(desk.covers(selection("orders/o-*", "prices/eu-1"))).isTrue();
        assertThat(desk.covers(Selection.ALL)).isFalse();
        assertThat(desk.covers(selection("orders", "prices/e*"))).isFalse();
        assertThat(Selection.NONE.covers(desk)).isFalse();
    }
}
