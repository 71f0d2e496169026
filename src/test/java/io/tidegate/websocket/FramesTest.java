package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames of the server, byte by byte. */
class FramesTest {

    private static ByteString bytes(String hex) {
        return ByteString.fromArray(hex(hex));
    }

    @Test
    void theExamplesOfTheStandardAreWritten() {
        ByteString hello = ByteString.fromString("Hello");

        assertThat(Frames.text(hello)).isEqualTo(bytes("81 05 48 65 6c 6c 6f"));
        assertThat(Frames.ping(hello)).isEqualTo(bytes("89 05 48 65 6c 6c 6f"));
        assertThat(Frames.pong(hello)).isEqualTo(bytes("8a 05 48 65 6c 6c 6f"));
        assertThat(Frames.binary(hello)).isEqualTo(bytes("82 05 48 65 6c 6c 6f"));
    }

    @ParameterizedTest
    @CsvSource({
        "0,          81 00",
        "1,          81 01",
        "125,        81 7d",
        "126,        81 7e 007e",
        "65535,      81 7e ffff",
        "65536,      81 7f 0000000000010000",
        "2147483647, 81 7f 000000007fffffff"
    })
    void theLengthTakesAsFewBytesAsPossible(int length, String header) {
        assertThat(Frames.textHeader(length)).isEqualTo(bytes(header));
    }

    @Test
    void theLinesOfAMessageAreNotCopied() {
        byte[] lines = "{\"event\":\"pong\"}\n".getBytes(StandardCharsets.UTF_8);

        ByteString framed = Frames.text(ByteString.fromArrayUnsafe(lines));
        lines[0] = '[';

        assertThat(framed.drop(2).head()).isEqualTo((byte) '[');
    }

    @Test
    void aCloseCarriesCodeAndReason() {
        assertThat(Frames.close(CloseCode.GOING_AWAY, "drain")).isEqualTo(bytes("88 07 03e9 64 72 61 69 6e"));
        assertThat(Frames.close(CloseCode.NORMAL, "")).isEqualTo(bytes("88 02 03e8"));
    }

    @Test
    void aReasonThatIsTooLongIsCutBetweenTwoCharacters() {
        String reason = "x".repeat(121) + "\u20ac and more";

        assertThat(Frames.close(CloseCode.NORMAL, reason))
                .isEqualTo(bytes("88 7b 03e8").concat(ByteString.fromString("x".repeat(121))));
        assertThat(Frames.close(CloseCode.NORMAL, "x".repeat(120) + "\u20ac!").length())
                .isEqualTo(2 + 125);
    }

    @Test
    void theAnswerToACloseHasItsCodeOrNone() {
        assertThat(Frames.close(new Message.Close(4711, "bye"))).isEqualTo(bytes("88 02 1267"));
        assertThat(Frames.close(new Message.Close(Message.Close.NO_CODE, ""))).isEqualTo(bytes("88 00"));
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeIsWrittenAsItsNumber(CloseCode code) {
        ByteString frame = Frames.close(code, "");

        assertThat(((frame.apply(2) & 0xff) << 8) | (frame.apply(3) & 0xff)).isEqualTo(code.code());
    }

    @Test
    void aControlFrameOfMoreThan125BytesIsNotWritten() {
        ByteString tooLong = ByteString.fromArray(new byte[126]);

        assertThat(Frames.pong(tooLong.take(125)).length()).isEqualTo(127);
        assertThatThrownBy(() -> Frames.ping(tooLong)).isInstanceOf(IllegalArgumentException.class);
    }
}
