package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words may name a collection or a document, and what a filter makes of names. */
class NamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "orders",
                "o-17",
                "a/b:c.d",
                "\"quoted\\\"",
                "{json}",
                "h\u00e9",
                "\u65e5\u672c",
                "\ud83d\ude00"
            })
    void anyWordOfVisibleCharactersIsAName(String word) {
        assertThat(new Collection(word)).hasToString(word);
        assertThat(new Key(word)).hasToString(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "a\nb",
                "a\rb",
                "a\u0000b",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u00a0b",
                "a\u2028b",
                "a\u3000b",
                "\ud83d",
                "\ude00",
                "\ude00\ud83d",
                "a\ud83db"
            })
    void whiteSpaceControlCharactersAndLoneSurrogatesAreRefused(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Collection(word));
        assertThatIllegalArgumentException().isThrownBy(() -> new Key(word));
    }

    @Test
    void lengthIsLimited() {
        assertThat(new Collection("c".repeat(Collection.MAX_LENGTH)).name()).hasSize(128);
        assertThat(new Key("k".repeat(Key.MAX_LENGTH)).text()).hasSize(512);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Collection("c".repeat(129)))
                .withMessage("a collection has 1 to 128 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Key("k".repeat(513)))
                .withMessage("a key has 1 to 512 characters");
    }

    @Test
    void theWordAfterIsTakenForCollectionsOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Collection("after"));
        assertThat(new Key("after")).hasToString("after");
        assertThat(new Collection("After")).hasToString("After");
    }

    @Test
    void aChangeFromPlainStringsIsChecked() {
        var put = (Change.Put) Change.put("orders", "o-17", " {\"qty\":5} ");

        assertThat(put.value()).hasToString("{\"qty\":5}");
        assertThat(put.weight()).isEqualTo(Change.OVERHEAD_BYTES + 4 + 9);
        assertThat(Change.delete("orders", "o-17").weight()).isEqualTo(Change.OVERHEAD_BYTES + 4);
        assertThatIllegalArgumentException().isThrownBy(() -> Change.put("orders", "o-17", "{"));
        assertThatIllegalArgumentException().isThrownBy(() -> Change.put("or ders", "o-17", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> Change.delete("orders", ""));
    }

    @Test
    void filtersOfTheSameCollectionsAreEqualWhateverTheirOrder() {
        Filter filter = Filter.of(List.of(new Collection("b"), new Collection("a"), new Collection("b")));

        assertThat(filter)
                .isEqualTo(Filter.of(List.of(new Collection("a"), new Collection("b"))))
                .hasSameHashCodeAs(Filter.of(List.of(new Collection("a"), new Collection("b"))))
                .isNotEqualTo(Filter.of(List.of(new Collection("a"))));
        assertThat(filter.collections()).containsExactly(new Collection("a"), new Collection("b"));
    }

    @Test
    void aFilterWithoutNamesCoversAll() {
        Filter filter = Filter.of(List.of());

        assertThat(filter).isEqualTo(Filter.ALL);
        assertThat(filter.isAll()).isTrue();
        assertThat(filter.includes(new Collection("anything"))).isTrue();
    }

    @Test
    void aFilterWithNamesCoversThemOnlyAndDoesNotChangeWithItsSource() {
        var names = new TreeSet<>(List.of(new Collection("a")));
        var filter = new Filter(names);

        names.add(new Collection("b"));

        assertThat(filter.isAll()).isFalse();
        assertThat(filter.includes(new Collection("a"))).isTrue();
        assertThat(filter.includes(new Collection("b"))).isFalse();
    }
}
