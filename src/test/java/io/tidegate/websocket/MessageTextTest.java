package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.CONTINUATION;
import static io.tidegate.websocket.ClientFrames.FINAL;
import static io.tidegate.websocket.ClientFrames.LIMITS;
import static io.tidegate.websocket.ClientFrames.PING;
import static io.tidegate.websocket.ClientFrames.TEXT;
import static io.tidegate.websocket.ClientFrames.decoded;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.hex;
import static io.tidegate.websocket.ClientFrames.violation;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text messages are UTF-8, and the first byte with which they cannot be is refused. */
class MessageTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "7f",
                "c280",
                "dfbf",
                "e0a080",
                "ed9fbf",
                "ee8080",
                "efbfbf",
                "efbfbe",
                "f0908080",
                "f48fbfbf",
                "cebae1bdb9cf83cebcceb5",
                "6161616161616161 c280 6161616161616161 f0908080 61"
            })
    void validTextIsTakenWhereverFragmentsCutIt(String bytes) {
        byte[] text = hex(bytes);
        Message expected = new Message.Text(ByteString.fromArray(text));

        for (int cut = 0; cut <= text.length; cut++) {
            byte[] before = Arrays.copyOf(text, cut);
            byte[] after = Arrays.copyOfRange(text, cut, text.length);
            assertThat(decoded(frame(TEXT - FINAL, before), frame(PING), frame(CONTINUATION, after)))
                    .as("cut at " + cut)
                    .containsExactly(ClientFrames.ping(""), expected);
        }
    }

    /** Bytes, and how many of them could still have become valid. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80 | 0 | a continuation without a beginning",
                "bf | 0 | another",
                "c080 | 0 | an overlong form of two bytes",
                "c1bf | 0 | the last overlong form of two bytes",
                "e080 | 1 | an overlong form of three bytes",
                "e09f | 1 | the last overlong form of three bytes",
                "f080 | 1 | an overlong form of four bytes",
                "f08f | 1 | the last overlong form of four bytes",
                "eda0 | 1 | the first surrogate",
                "edbf | 1 | the last surrogate",
                "f490 | 1 | more than U+10FFFF",
                "f5 | 0 | far more than U+10FFFF",
                "f8 | 0 | a form of five bytes",
                "fe | 0 | no byte of UTF-8",
                "ff | 0 | another",
                "c261 | 1 | a code point of two bytes without its end",
                "e28261 | 2 | a code point of three bytes without its end",
                "f0908061 | 3 | a code point of four bytes without its end",
                "e282c2 | 2 | a code point within another",
                "61616161 61616161 6161 ff | 10 | behind ASCII",
                "61616161616161 ff 61616161616161 | 7 | within a word of ASCII",
                "cebae1bdb9cf83cebcceb5 eda080 656469746564 | 12 | a surrogate between letters",
                "cebae1bdb9cf83cebcceb5 f4908080 656469746564 | 12 | too great a code point between letters",
            })
    void theFirstImpossibleByteIsRefused(String bytes, int possible, String what) {
        byte[] text = hex(bytes);
        byte[] longer = Arrays.copyOf(text, text.length + 20);
        byte[] inOneFrame = frame(TEXT, longer);
        int headerLength = inOneFrame.length - longer.length;

        assertThat(decoded(List.of(ByteString.fromArray(inOneFrame, 0, headerLength + possible))))
                .as(what)
                .isEmpty();
        assertThat(decoded(List.of(ByteString.fromArray(inOneFrame, 0, headerLength + possible + 1))))
                .as(what)
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
        assertThat(decoded(
                        frame(TEXT - FINAL, Arrays.copyOf(text, possible)),
                        frame(CONTINUATION - FINAL),
                        frame(CONTINUATION - FINAL, text[possible])))
                .as(what + ", in a fragment of its own")
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2", "e0", "e0a0", "f0", "f090", "f09080", "61616161 61616161 e282"})
    void textThatEndsWithinACodePointIsRefusedAtItsEnd(String bytes) {
        byte[] text = hex(bytes);

        assertThat(decoded(frame(TEXT - FINAL, text))).isEmpty();
        assertThat(decoded(frame(TEXT - FINAL, text), frame(CONTINUATION)))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
        assertThat(decoded(frame(TEXT, text)))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
    }

    @Test
    void binaryMessagesMayHaveAnyBytes() {
        assertThat(decoded(frame(ClientFrames.BINARY, hex("ff c0 80"))))
                .containsExactly(ClientFrames.binaryMessage(hex("ff c0 80")));
    }

    @Test
    void controlFramesMayHaveAnyBytesAlsoWithinAText() {
        assertThat(decoded(frame(TEXT - FINAL, hex("e282")), frame(PING, hex("ff")), frame(CONTINUATION, hex("ac"))))
                .containsExactly(new Message.Ping(ByteString.fromArray(hex("ff"))), ClientFrames.textMessage("\u20ac"));
    }

    @Test
    void theCheckAgreesWithTheDecoderOfTheJdkOnAllBeginnings() {
        for (int first = 0; first < 0x10000; first++) {
            byte[] two = {(byte) (first >> 8), (byte) first};
            requireSame(two);
        }
    }

    @Test
    void theCheckAgreesWithTheDecoderOfTheJdkOnRandomText() {
        long seed = Long.getLong("tidegate.seed", System.nanoTime());
        var random = new Random(seed);
        // Bytes next to the limits of what is allowed.
        byte[] limits = hex("00 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff 61");
        for (int round = 0; round < 200_000; round++) {
            byte[] text = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < text.length; i++) {
                text[i] = limits[random.nextInt(limits.length)];
            }
            requireSame(text);
        }
    }

    private static void requireSame(byte[] text) {
        var check = new Utf8Check();

        boolean valid = check.accept(text, 0, text.length) && check.isComplete();

        if (valid != isValidForTheJdk(text)) {
            assertThat(valid).as(Arrays.toString(text)).isEqualTo(isValidForTheJdk(text));
        }
    }

    private static boolean isValidForTheJdk(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(text))
                            .hasRemaining()
                    || text.length == 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void textIsCheckedFromTheStartInEveryMessage() {
        var decoder = MessageDecoder.ofText(LIMITS);

        assertThat(decoded(decoder, List.of(ByteString.fromArray(ClientFrames.text("\u20ac")))))
                .hasSize(1);
        assertThat(decoded(decoder, List.of(ByteString.fromArray(frame(TEXT, hex("82ac"))))))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
    }
}
