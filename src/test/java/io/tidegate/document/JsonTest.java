package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as one JSON value: RFC 8259, on one line, and nothing else. */
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1",
                "-1.5",
                "1e9",
                "1E+9",
                "1e-9",
                "0.0e0",
                "1e999999999",
                "\"\"",
                "\"a\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud800\"",
                "\"\u007f\"",
                "\"\u2028\"",
                "\"h\u00e9\u20ac\ud83d\ude00\"",
                "[]",
                "{}",
                "[ ]",
                "{ }",
                "[1,[2,{\"a\":[]}]]",
                "{\"a\":1,\"b\":{\"c\":null}}",
                "{\"a\":1,\"a\":2}",
                "{\"\":0}",
                "[1 , 2\t,\t3]"
            })
    void valuesOfTheStandardAreKeptAsTheyAre(String text) {
        Json json = Json.of(text);

        assertThat(json).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "1 2",
                "1,2",
                "{} {}",
                "{}]",
                "[1]]",
                "null null",
                "\"a\"\"b\"",
                "\"a\" x",
                "1x",
                "truex",
                "true\"a\"",
                "nul",
                "NULL",
                "True",
                "NaN",
                "-NaN",
                "Infinity",
                "-Infinity",
                "undefined",
                "01",
                "-01",
                "00",
                "+1",
                ".5",
                "1.",
                "1.e5",
                "1e",
                "1e+",
                "-",
                "--1",
                "0x10",
                "1_000",
                "'a'",
                "a",
                "\"a",
                "a\"",
                "\"\\x41\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\\"",
                "\"tab\there\"",
                "\"nul\u0000here\"",
                "\"escape\u001bhere\"",
                "\"line\nbreak\"",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[",
                "]",
                "[1",
                "[[1]",
                "{",
                "}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\":1",
                "{\"a\":1]",
                "[1}",
                "/* c */ 1",
                "1 // c",
                "# c",
                "[1,\n2]",
                "[1,\r2]",
                "1\n",
                "\n1",
                "1\u00a0",
                "\u00a01",
                "1\f",
                "\u0000",
                "1\u0000"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(text))
                .withMessageNotContaining("\n")
                .satisfies(refusal -> assertThat(refusal.getMessage()).isNotBlank());
    }

    @Test
    void aReplacementCharacterOfTheClientsOwnIsAsGoodAsAnyOther() {
        assertThat(Json.of("\"\ufffd\"")).hasToString("\"\ufffd\"");
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource({
        "22c02f22, overlong form of a slash in two bytes",
        "22e080af22, overlong form of a slash in three bytes",
        "22f08080af22, overlong form of a slash in four bytes",
        "22c08022, overlong form of NUL",
        "22eda08022, lone high surrogate",
        "22edb08022, lone low surrogate",
        "22eda0bdedb88022, surrogate pair encoded one by one",
        "22f490808022, code point above the last one",
        "22f8888080a022, five-byte form",
        "2280 22, continuation byte alone",
        "22c322, sequence cut by the quote",
        "22e282, sequence cut by the end",
        "22ff22, byte that never occurs",
        "22e922, Latin-1",
        "efbbbf31, byte order mark before a number",
        "efbbbf7b7d, byte order mark before an object",
        "efbbbf, byte order mark alone",
        "7b7defbbbf, byte order mark at the end",
        "0031, UTF-16 big-endian number",
        "3100, UTF-16 little-endian number",
        "005b005d, UTF-16 big-endian array",
        "5b005d00, UTF-16 little-endian array",
        "00000031, UTF-32 big-endian number",
        "31000000, UTF-32 little-endian number",
        "feff0031, UTF-16 big-endian with its mark",
        "fffe3100, UTF-16 little-endian with its mark"
    })
    void bytesThatAreNotPlainUtf8AreRefused(String hex, String what) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatIllegalArgumentException().as(what).isThrownBy(() -> Json.of(bytes, 0, bytes.length));
    }

    @Test
    void whiteSpaceAroundTheValueIsDropped() {
        Json json = Json.of(" \t {\"a\" : 1}\t ");

        assertThat(json).hasToString("{\"a\" : 1}").isEqualTo(Json.of("{\"a\" : 1}"));
        assertThat(json.length()).isEqualTo(9);
    }

    @Test
    void onlyTheGivenRangeIsReadAndItIsCopied() {
        byte[] line = "put a k [1,2] rest".getBytes(StandardCharsets.UTF_8);

        Json json = Json.of(line, 7, 6);
        line[9] = '9';

        assertThat(json).hasToString("[1,2]");
    }

    @Test
    void nestingIsAllowedUpToTheLimitAndNotBeyond() {
        String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        String deepestObject = "{\"a\":".repeat(Json.MAX_DEPTH) + "1" + "}".repeat(Json.MAX_DEPTH);

        assertThat(Json.of(deepest)).hasToString(deepest);
        assertThat(Json.of(deepestObject)).hasToString(deepestObject);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of("[" + deepest + "]"));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of("{\"a\":" + deepest + "}"));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of("[".repeat(1_000_000)));
    }

    @Test
    void longTokensAreNoMistake() {
        String digits = "9".repeat(200_000);
        String text = "\"" + "x".repeat(1_000_000) + "\"";

        assertThat(Json.of(digits).length()).isEqualTo(200_000);
        assertThat(Json.of("-0." + digits + "e" + digits).length()).isEqualTo(400_004);
        assertThat(Json.of(text).length()).isEqualTo(1_000_002);
    }

    @Test
    void aNameIsAsLongAsItLikesOrRefused() {
        String longName = "{\"" + "n".repeat(200_000) + "\":1}";

        assertAcceptedOrRefused(longName);
    }

    /** The parser shares its table of names between all clients. */
    @Test
    void namesMadeToCollideAreAtWorstRefusedThemselvesAndHarmNobodyElse() {
        List<String> names = collidingNames(8000);
        var random = new Random(1);
        for (int round = 0; round < 20; round++) {
            for (int size : new int[] {500, 520, 2000, 8000}) {
                assertAcceptedOrRefused(names.subList(0, size).stream()
                        .map(name -> "\"" + name + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
            }
            for (int i = 0; i < 2000; i++) {
                String innocent = "{\"" + Long.toString(random.nextLong() >>> 24, 36) + "\":1}";
                assertThatCode(() -> Json.of(innocent)).doesNotThrowAnyException();
            }
        }
    }

    private static void assertAcceptedOrRefused(String text) {
        try {
            assertThat(Json.of(text)).hasToString(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    /** Names of eight letters for which the hash in Jackson's {@code ByteQuadsCanonicalizer.calcHash(q1, q2)} is the same. */
    private static List<String> collidingNames(int count) {
        var random = new Random(33);
        List<String> names = new ArrayList<>();
        int inverse = inverseOf(33);
        while (names.size() < count) {
            int first = 0;
            for (int i = 0; i < 4; i++) {
                first = first << 8 | 'a' + random.nextInt(26);
            }
            int mixed = first + (first >>> 15);
            mixed ^= mixed >>> 9;
            int second = (0x12345678 - mixed) * inverse;
            String name = text(first) + text(second);
            if (name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\')) {
                names.add(name);
            }
        }
        return names;
    }

    private static String text(int quad) {
        return "" + (char) (quad >>> 24) + (char) (quad >>> 16 & 0xff) + (char) (quad >>> 8 & 0xff)
                + (char) (quad & 0xff);
    }

    /** The number that an odd number times it is 1, modulo 2 to the 32. */
    private static int inverseOf(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    @Test
    void randomBytesAreAcceptedAsTheyAreOrRefused() {
        long seed = Long.getLong("tidegate.seed", 20250101);
        var random = new Random(seed);
        byte[] alphabet = "{}[]:,\"\\/ \t0123456789.eE+-truefalsn\u00e9\u20ac\0".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(20) == 0
                        ? (byte) random.nextInt(256)
                        : alphabet[random.nextInt(alphabet.length)];
            }
            String shown =
                    "seed " + seed + ", round " + round + ": " + HexFormat.of().formatHex(bytes);

            try {
                Json json = Json.of(bytes, 0, bytes.length);
                String text = new String(bytes, StandardCharsets.UTF_8);
                assertThat(json).as(shown).hasToString(stripped(text));
                assertThat(text).as(shown).doesNotContain("\0", "\n", "\r");
            } catch (RuntimeException refused) {
                assertThat(refused).as(shown).isExactlyInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    private static String stripped(String text) {
        return text.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    @Test
    void equalBytesAreEqualValues() {
        assertThat(Json.of("[1]"))
                .isEqualTo(Json.stored("[1]".getBytes(StandardCharsets.UTF_8)))
                .hasSameHashCodeAs(Json.of("[1]"))
                .isNotEqualTo(Json.of("[ 1]"));
    }

    @Test
    void copyingBeyondTheTargetFails() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Json.of("[1]").copyTo(new byte[3], 1));
    }
}
