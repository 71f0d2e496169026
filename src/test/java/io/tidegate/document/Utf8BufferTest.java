package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8BufferTest {

    private static final JsonFactory JACKSON = new JsonFactory();

    private final Utf8Buffer buffer = new Utf8Buffer(0);

    private String written() {
        return new String(buffer.toArray(), StandardCharsets.UTF_8);
    }

    private static String readBack(byte[] json) throws IOException {
        try (JsonParser parser = JACKSON.createParser(json)) {
            parser.nextToken();
            String text = parser.getText();
            assertThat(parser.nextToken()).isNull();
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 11, 99, 100, 999_999_999, 1_000_000_000, 4_294_967_296L, Long.MAX_VALUE})
    void numbersAreWrittenAsDecimalDigits(long number) {
        buffer.putDecimal(number);

        assertThat(written()).isEqualTo(Long.toString(number));
    }

    @Test
    void randomNumbersAreWrittenAsDecimalDigits() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >>> (1 + random.nextInt(62));
            buffer.clear();
            buffer.putDecimal(number);
            assertThat(written()).isEqualTo(Long.toString(number));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "a\"b",
                "a\\b",
                "\\\"",
                "\u0000\u0001\b\t\n\f\r\u001b\u001f",
                "\u007f",
                "h\u00e9",
                "\u20ac",
                "\ud83d\ude00",
                "\u2028\u2029",
                "</script>"
            })
    void stringsReadBackAsTheyWere(String text) throws IOException {
        buffer.putJsonString(text);

        assertThat(readBack(buffer.toArray())).isEqualTo(text);
        assertThat(Json.of(written())).hasToString(written());
    }

    @Test
    void controlCharactersQuotesAndBackslashesAreEscapedAndNothingElse() {
        buffer.putJsonString("\"\\/\n\u001f\u00e9");

        assertThat(written()).isEqualTo("\"\\\"\\\\/\\u000a\\u001f\u00e9\"");
    }

    @Test
    void loneSurrogatesDoNotBecomeInvalidUtf8() {
        buffer.putJsonString("a\ud800b");

        assertThat(written()).isEqualTo("\"a?b\"");
    }

    @Test
    void everyCharacterReadsBack() throws IOException {
        for (int c = 0; c < 0x10000; c++) {
            if (!Character.isSurrogate((char) c)) {
                buffer.clear();
                buffer.putJsonString(String.valueOf((char) c));
                assertThat(readBack(buffer.toArray()).charAt(0)).isEqualTo((char) c);
            }
        }
    }

    @Test
    void bytesNumbersAndValuesFollowOneAnotherWhateverTheCapacity() {
        for (int capacity = 0; capacity < 40; capacity++) {
            var other = new Utf8Buffer(capacity);
            other.put((byte) '[').put("1,".getBytes(StandardCharsets.UTF_8)).put(Json.of("{\"a\":2}"));
            var target = new Utf8Buffer(capacity);
            target.put(other).put((byte) ',').putDecimal(33).put((byte) ']').put(new byte[0]);

            assertThat(new String(target.toArray(), StandardCharsets.UTF_8)).isEqualTo("[1,{\"a\":2},33]");
            assertThat(target.length()).isEqualTo(14);
        }
    }

    @Test
    void binaryNumbersAreBigEndian() {
        buffer.putShort(0x1ff02).putInt(0x80010203).putLong(0x8001020304050607L);

        assertThat(buffer.toArray()).containsExactly(0xff, 0x02, 0x80, 1, 2, 3, 0x80, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aClearedBufferStartsAnewAndEarlierCopiesStay() {
        byte[] before = buffer.putDecimal(12345).toArray();

        buffer.clear();
        buffer.putDecimal(9);

        assertThat(written()).isEqualTo("9");
        assertThat(before).containsExactly('1', '2', '3', '4', '5');
    }
}
