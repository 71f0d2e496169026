package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told about text that is not JSON. */
class JsonMistakeTest {

    private static String mistake(String text) {
        return String.valueOf(catchThrowableOfType(IllegalArgumentException.class, () -> Json.of(text))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":NaN} | not JSON at character 9: there is no NaN",
                "-Infinity | not JSON at character 10: there is no -Infinity",
                "+1 | not JSON at character 2: unexpected '+' in numeric value",
                "01 | not JSON at character 2: Invalid numeric value: Leading zeroes not allowed",
                "tru | not JSON at character 1: Unrecognized token 'tru'",
                "{a:1} | not JSON at character 2: unexpected 'a': was expecting double-quote to start field name",
                "[1} | not JSON at character 3: Unexpected close marker '}': expected ']'",
                "[1,] | not JSON at character 4: unexpected ']'",
                "[1 | not JSON at character 3: it ends too early",
                "\"abc | not JSON at character 5: it ends too early",
                "/*x*/1 | not JSON at character 1: there are no comments",
                "\"a\tb\" | not JSON at character 3: unexpected U+0009: has to be escaped using backslash to be included"
                        + " in string value",
                "[)] | not JSON at character 2: unexpected ')'",
            })
    void theyAreToldWhatIsWrongAndWhere(String text, String message) {
        assertThat(mistake(text)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff1",
                "\u00a01",
                "\u200b1",
                "\u009b1",
                "tr\u200bue",
                "1\u200b",
                "\u202e",
                "[\u0007]",
                "\u001e1",
                "\"\u001b[31m\"",
                "[1\u2028,2]",
                "`x`",
                "{\"a\":`x`}",
                "\ud83d\ude00",
                "NaN",
                "+1",
                "#",
                "'a'",
                "}",
                "\"\\x\""
            })
    void noMessageShowsTheParsersNamesOrWhatCannotBeSeen(String text) {
        assertThat(mistake(text))
                .doesNotContain("JsonReadFeature", "Feature", "java", "Exception", "CTRL-CHAR", "REDACTED")
                .matches("[^\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+");
    }

    @Test
    void whatIsTooDeepIsSaidToBe() {
        assertThat(mistake("[".repeat(129) + "]".repeat(129)))
                .isEqualTo("too deep: arrays and objects have at most 128 levels within one another");
    }

    @Test
    void namesMayBeAsLongAsStrings() {
        String document = "{\"" + "n".repeat(50_001) + "\":1}";

        assertThat(Json.of(document)).hasToString(document);
    }

    @Test
    void inTextOfSeveralLinesTheLineIsNamed() {
        byte[] text = "{\n \"a\": 1,\n \"b\": x}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.ofLines(text))
                .withMessage("not JSON at line 3, character 7: Unrecognized token 'x'");
    }
}
