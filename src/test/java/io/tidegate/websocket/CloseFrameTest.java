package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.CLOSE;
import static io.tidegate.websocket.ClientFrames.close;
import static io.tidegate.websocket.ClientFrames.decoded;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.hex;
import static io.tidegate.websocket.ClientFrames.utf8;
import static io.tidegate.websocket.ClientFrames.violation;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's close frame may carry. */
class CloseFrameTest {

    @Test
    void aCloseWithoutACodeIsACloseWithoutACode() {
        assertThat(decoded(frame(CLOSE))).containsExactly(new Message.Close(Message.Close.NO_CODE, ""));
    }

    @Test
    void codeAndReasonAreGivenAsTheyCame() {
        assertThat(decoded(close(4711, utf8("b\u00fde")))).containsExactly(new Message.Close(4711, "b\u00fde"));
    }

    @Test
    void theReasonHasUpTo123Bytes() {
        assertThat(decoded(close(1000, utf8("x".repeat(123)))))
                .containsExactly(new Message.Close(1000, "x".repeat(123)));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void theseCodesAreForUse(int code) {
        assertThat(decoded(close(code))).containsExactly(new Message.Close(code, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535})
    void theseCodesAreNot(int code) {
        assertThat(decoded(close(code, utf8("why"))))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.PROTOCOL_ERROR));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerSendsAClientMaySendToo(CloseCode code) {
        assertThat(CloseCode.mayBeSent(code.code())).isTrue();
    }

    @Test
    void aPayloadOfOneByteIsRefused() {
        assertThat(decoded(frame(CLOSE, (byte) 3)))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.PROTOCOL_ERROR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "62 c3", "cebae1bdb9cf83cebcceb5 eda080", "f4908080"})
    void aReasonThatIsNotUtf8IsRefused(String reason) {
        assertThat(decoded(close(1000, hex(reason))))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.INVALID_TEXT));
    }
}
