package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.CharacterCodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words may name a collection or a document, and what a selection makes of names. */
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
                "a\tb",
                "a\nb",
                "a\rb",
                "a\u0000b",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u009bb",
                "a\u2028b",
                "a\u2029b",
                "\ud83d",
                "\ude00",
                "\ude00\ud83d",
                "a\ud83db"
            })
    void controlCharactersLineBreaksAndLoneSurrogatesAreRefused(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Collection(word));
        assertThatIllegalArgumentException().isThrownBy(() -> new Key(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "New York", " a", "a ", "a\u00a0b", "a\u3000b"})
    void spacesAreForKeysOnly(String text) {
        assertThat(new Key(text)).hasToString(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Collection(text))
                .withMessage("a collection has no white space");
    }

    @Test
    void aControlCharacterIsNamedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Key("a\u009b31m"))
                .withMessage("a key has no control characters and no line breaks, and U+009B is one");
    }

    @ParameterizedTest
    @CsvSource({
        "o-17, o-17",
        "New York, New%20York",
        "100%, 100%25",
        "%41, %2541",
        "50 % off, 50%20%25%20off",
        "K\u00f6ln, K\u00f6ln"
    })
    void aKeyAsAWordIsThatKeyAgain(String text, String word) throws Exception {
        assertThat(new Key(text).word()).isEqualTo(word);
        assertThat(PercentEncoding.decode(word)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "100%, 100%",
        "%, %",
        "%4, %4",
        "%4g, %4g",
        "%%41, %A",
        "%2541, %41",
        "K%c3%B6ln, K\u00f6ln",
        "%\uff11\uff12, %\uff11\uff12"
    })
    void aPercentSignWithoutTwoDigitsStandsForItself(String word, String text) throws Exception {
        assertThat(PercentEncoding.decode(word)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%c3", "a%c3%28", "%ed%a0%80", "%c0%af", "%C3\u00f6"})
    void octetsThatAreNotUtf8AreRefused(String word) {
        assertThatExceptionOfType(CharacterCodingException.class).isThrownBy(() -> PercentEncoding.decode(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void nothingNewIsPutWhereHttpClientsCannotAddressIt(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Change.put("a", key, "1"))
                .withMessageContaining("choose another key");
        assertThat(Change.delete("a", key).key()).hasToString(key);
        assertThat(Change.put("a", "...", "1").key()).hasToString("...");
    }

    @Test
    void lengthIsLimited() {
        assertThat(new Collection("c".repeat(Collection.MAX_LENGTH)).name()).hasSize(128);
        assertThat(new Key("k".repeat(Key.MAX_LENGTH)).text()).hasSize(512);
        assertThat(new Key("\ud83d\ude00".repeat(Key.MAX_LENGTH)).text()).hasSize(1024);
        assertThatIllegalArgumentException().isThrownBy(() -> new Key("\ud83d\ude00".repeat(513)));
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
}
