package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.BINARY;
import static io.tidegate.websocket.ClientFrames.CONTINUATION;
import static io.tidegate.websocket.ClientFrames.FINAL;
import static io.tidegate.websocket.ClientFrames.LIMITS;
import static io.tidegate.websocket.ClientFrames.PING;
import static io.tidegate.websocket.ClientFrames.PONG;
import static io.tidegate.websocket.ClientFrames.TEXT;
import static io.tidegate.websocket.ClientFrames.binaryMessage;
import static io.tidegate.websocket.ClientFrames.close;
import static io.tidegate.websocket.ClientFrames.decoded;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.hex;
import static io.tidegate.websocket.ClientFrames.ping;
import static io.tidegate.websocket.ClientFrames.pong;
import static io.tidegate.websocket.ClientFrames.text;
import static io.tidegate.websocket.ClientFrames.textMessage;
import static io.tidegate.websocket.ClientFrames.utf8;
import static io.tidegate.websocket.ClientFrames.violation;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages out of frames, and every rule of framing. */
class MessageDecoderTest {

    @Test
    void theExampleOfTheStandardIsUnderstood() {
        assertThat(decoded(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"))).containsExactly(textMessage("Hello"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 125, 126, 127, 128, 65_535, 65_536, 65_537, 100_000})
    void aFrameOfAnyLengthIsOneMessage(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        String letters = "x".repeat(length);

        assertThat(decoded(frame(BINARY, payload), text(letters)))
                .containsExactly(binaryMessage(payload), textMessage(letters));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x01020304, 0x80000000, 0x000000ff})
    void everyMaskIsTakenOff(int mask) {
        assertThat(decoded(frame(TEXT, mask, utf8("thirteen char")))).containsExactly(textMessage("thirteen char"));
    }

    @Test
    void fragmentsAreOneMessage() {
        assertThat(decoded(
                        frame(TEXT - FINAL, 1, utf8("put a ")),
                        frame(CONTINUATION - FINAL, 2, utf8("k ")),
                        frame(CONTINUATION, 3, utf8("12"))))
                .containsExactly(textMessage("put a k 12"));
    }

    @Test
    void fragmentsMayBeEmpty() {
        assertThat(decoded(
                        frame(TEXT - FINAL),
                        frame(CONTINUATION - FINAL),
                        frame(CONTINUATION - FINAL, utf8("sync")),
                        frame(CONTINUATION),
                        frame(TEXT - FINAL),
                        frame(CONTINUATION),
                        frame(BINARY - FINAL),
                        frame(CONTINUATION, (byte) 0xff)))
                .containsExactly(textMessage("sync"), textMessage(""), binaryMessage((byte) 0xff));
    }

    @Test
    void controlFramesBetweenFragmentsAreGivenBeforeTheMessage() {
        assertThat(decoded(
                        frame(TEXT - FINAL, utf8("sy")),
                        frame(PING, utf8("1")),
                        frame(CONTINUATION - FINAL, utf8("n")),
                        frame(PONG, utf8("2")),
                        frame(PING),
                        frame(CONTINUATION, utf8("c"))))
                .containsExactly(ping("1"), pong("2"), ping(""), textMessage("sync"));
    }

    @Test
    void aCloseBetweenFragmentsEndsAll() {
        assertThat(decoded(frame(TEXT - FINAL, utf8("sy")), close(1000), frame(CONTINUATION, utf8("nc"))))
                .containsExactly(new Message.Close(1000, ""));
    }

    @Test
    void controlFramesHaveUpTo125Bytes() {
        String longest = "x".repeat(125);

        assertThat(decoded(frame(PING, utf8(longest)), frame(PONG, utf8(longest))))
                .containsExactly(ping(longest), pong(longest));
    }

    @Test
    void binaryMessagesAreRefusedUnlessTheyAreAccepted() {
        byte[] input = frame(BINARY, utf8("x"));

        assertThat(decoded(MessageDecoder.ofText(LIMITS), List.of(ByteString.fromArray(input))))
                .containsExactly(new Message.Violation(CloseCode.UNSUPPORTED_DATA, "send text messages"));
        assertThat(decoded(input)).containsExactly(binaryMessage((byte) 'x'));
    }

    /** Bytes as they are on the wire, without a payload where the header says enough. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c1 80 | the first reserved bit",
                "a1 80 | the second reserved bit",
                "91 80 | the third reserved bit",
                "f9 80 | reserved bits of a ping",
                "b0 80 | reserved bits of a continuation",
                "83 80 | a reserved opcode for data",
                "87 80 | the last reserved opcode for data",
                "8b 80 | a reserved opcode for control",
                "8f 80 | the last reserved opcode for control",
                "03 80 | a fragment of a reserved opcode",
                "81 00 | an empty text without a mask",
                "89 00 | an empty ping without a mask",
                "81 05 | a text without a mask",
                "80 80 | nothing to continue",
                "00 80 | nothing to continue, and more to come",
                "01 80 00000000 81 80 | a text within a message",
                "01 80 00000000 82 80 | a binary within a message",
                "01 80 00000000 01 80 | a fragmented text within a message",
                "81 80 00000000 80 80 | nothing left to continue",
                "09 80 | a fragmented ping",
                "0a 80 | a fragmented pong",
                "08 80 | a fragmented close",
                "89 fe | a ping of more than 125 bytes",
                "8a fe | a pong of more than 125 bytes",
                "88 ff | a close of more than 125 bytes",
                "81 fe 007d 00000000 | 125 written in two bytes",
                "81 fe 0000 00000000 | 0 written in two bytes",
                "81 ff 000000000000ffff 00000000 | 65535 written in eight bytes",
                "81 ff 0000000000000000 00000000 | 0 written in eight bytes",
                "81 ff 8000000000000000 00000000 | a length with the top bit",
                "81 ff ffffffffffffffff 00000000 | the greatest length",
            })
    void aBrokenRuleOfFramingIs1002AndNothingBehindItIsRead(String bytes, String what) {
        byte[] wrong = hex(bytes);

        List<Message> messages = decoded(frame(PING), wrong, frame(PING), text("sync"), close(1000));

        assertThat(messages).as(what).first().isEqualTo(ping(""));
        assertThat(violation(messages.get(messages.size() - 1))).as(what).isEqualTo(CloseCode.PROTOCOL_ERROR);
        assertThat(messages.subList(0, messages.size() - 1)).as(what).noneMatch(Message.Violation.class::isInstance);
        assertThat(decoded(frame(PING), wrong))
                .as(what + ", as soon as it is seen")
                .isEqualTo(messages);
    }

    @Test
    void aClientIsToldWhatToDo() {
        assertThat(decoded(hex("81 05")))
                .containsExactly(new Message.Violation(CloseCode.PROTOCOL_ERROR, "mask every frame"));
    }

    @Test
    void dataAfterACloseIsIgnoredHoweverItComes() {
        var decoder = MessageDecoder.ofTextAndBinary(LIMITS);
        ByteString closeAndMore = ByteString.fromArray(ClientFrames.join(close(1000), text("sync"), hex("ff ff")));
        ByteString more = ByteString.fromArray(ClientFrames.join(text("sync"), close(1001)));

        assertThat(decoded(decoder, List.of(closeAndMore, more, more))).containsExactly(new Message.Close(1000, ""));
    }

    @Test
    void theLimitsAreThoseOfThePayload() {
        var limits = new MessageLimits(1_000, 2_000);
        byte[] most = utf8("x".repeat(1_000));
        ByteString frames = ByteString.fromArray(ClientFrames.join(
                frame(TEXT - FINAL, most), frame(PING, utf8("x".repeat(125))), frame(CONTINUATION, most)));

        assertThat(decoded(MessageDecoder.ofText(limits), List.of(frames)))
                .containsExactly(ping("x".repeat(125)), textMessage("x".repeat(2_000)));
    }

    @Test
    void aFrameOverTheLimitIsRefusedByItsHeader() {
        ByteString header = ByteString.fromArray(hex("81 fe 03e9 00000000"));

        assertThat(decoded(MessageDecoder.ofText(new MessageLimits(1_000, 2_000)), List.of(header)))
                .containsExactly(new Message.Violation(
                        CloseCode.MESSAGE_TOO_BIG,
                        "send frames of at most 1000 bytes (tidegate.websocket.max-frame-bytes)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"81 ff 0000000100000000 00000000", "81 ff 7fffffffffffffff 00000000"})
    void aLengthThatFitsNoArrayIsOverTheLimitToo(String header) {
        assertThat(decoded(hex(header)))
                .satisfiesExactly(message -> assertThat(violation(message)).isEqualTo(CloseCode.MESSAGE_TOO_BIG));
    }

    @Test
    void aMessageOverTheLimitIsRefusedByTheHeaderOfTheFragmentThatIsTooMuch() {
        var limits = new MessageLimits(1_000, 2_000);
        byte[] most = utf8("x".repeat(1_000));
        ByteString frames = ByteString.fromArray(
                ClientFrames.join(frame(TEXT - FINAL, most), frame(CONTINUATION - FINAL, most), hex("80 81 00000000")));

        assertThat(decoded(MessageDecoder.ofText(limits), List.of(frames)))
                .containsExactly(new Message.Violation(
                        CloseCode.MESSAGE_TOO_BIG,
                        "send messages of at most 2000 bytes (tidegate.websocket.max-message-bytes)"));
    }

    @Test
    void unmaskingLeavesTheChunkAsItIs() {
        ByteString chunk = ByteString.fromArrayUnsafe(text("the same chunk for two connections"));

        List<Message> first = decoded(List.of(chunk));

        assertThat(decoded(List.of(chunk))).isEqualTo(first);
    }

    @Test
    void aMessageStaysAsItIsWhenLaterOnesCome() {
        List<Message> messages = decoded(
                text("first"), text("other"), frame(TEXT - FINAL, utf8("thi")), frame(CONTINUATION, utf8("rd")));

        assertThat(messages).containsExactly(textMessage("first"), textMessage("other"), textMessage("third"));
        assertThat(messages).allSatisfy(message -> assertThat(
                        ((Message.Data) message).payload().isCompact())
                .isTrue());
    }
}
