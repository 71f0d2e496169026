package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.LIMITS;
import static io.tidegate.websocket.ClientFrames.PING;
import static io.tidegate.websocket.ClientFrames.close;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.join;
import static io.tidegate.websocket.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.wire.Decoder;
import io.tidegate.wire.Decoding;
import io.tidegate.wire.Line;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request lines out of messages. */
class MessageLinesTest {

    private static final int LIMIT = 8;

    private static String shown(Input input) {
        if (input instanceof Input.RequestLine request) {
            return request.line() instanceof Line.TooLong
                    ? "<too long>"
                    : request.line().toString();
        }
        return "<" + input.getClass().getSimpleName() + ">";
    }

    private static List<String> lines(Message... messages) {
        return shown(Decoding.all(MessageLines.create(LIMIT), List.of(messages)));
    }

    private static List<String> shown(List<Input> inputs) {
        return inputs.stream().map(MessageLinesTest::shown).toList();
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of("ping", List.of("ping")),
                Arguments.of("ping\n", List.of("ping")),
                Arguments.of("ping\r\n", List.of("ping")),
                Arguments.of("ping\nsync", List.of("ping", "sync")),
                Arguments.of("ping\r\nsync\r\n", List.of("ping", "sync")),
                Arguments.of("", List.of()),
                Arguments.of("\n", List.of("")),
                Arguments.of("\n\nping", List.of("", "", "ping")),
                Arguments.of("12345678", List.of("12345678")),
                Arguments.of("12345678\r", List.of("12345678")),
                Arguments.of("123456789", List.of("<too long>")),
                Arguments.of("123456789\nping", List.of("<too long>", "ping")),
                Arguments.of("ping\nmuch too long for this", List.of("ping", "<too long>")),
                Arguments.of("much too long\nmuch too long\nq", List.of("<too long>", "<too long>", "q")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageHasAnyNumberOfLinesAndTheLastOneNeedsNoNewline(String message, List<String> expected) {
        assertThat(lines(ClientFrames.textMessage(message))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "ping\n", "much too long for a line"})
    void aLineNeverGoesOnInTheNextMessage(String first) {
        assertThat(lines(ClientFrames.textMessage(first), ClientFrames.textMessage("sync\nquit")))
                .hasSize(3)
                .endsWith("sync", "quit");
    }

    @Test
    void controlMessagesPassInTheirOrder() {
        assertThat(lines(
                        ClientFrames.textMessage("a\nb"),
                        ClientFrames.ping(""),
                        ClientFrames.pong(""),
                        ClientFrames.textMessage("c"),
                        new Message.Close(1000, "")))
                .containsExactly("a", "b", "<Ping>", "<Pong>", "c", "<Close>");
    }

    @Test
    void behindTheMessagesOfAConnectionTheyFindAllThatIsInItsBytes() {
        byte[] input = join(text("ping\nsync"), frame(PING), text("quit"), close(1000));

        for (int size = 1; size <= input.length; size++) {
            List<Input> found = Decoding.all(behindMessages(), ClientFrames.pieces(input, size));

            assertThat(shown(found))
                    .as("pieces of " + size)
                    .containsExactly("ping", "sync", "<Ping>", "quit", "<Close>");
        }
    }

    @Test
    void aViolationIsNoFailureAndWhatFollowsIsDiscarded() {
        Decoder<ByteString, Input> decoder = behindMessages();

        assertThat(shown(Decoding.next(decoder, ByteString.fromArray(join(text("ping"), new byte[] {(byte) 0x81, 0})))))
                .containsExactly("ping", "<Violation>");
        assertThat(Decoding.all(decoder, List.of(ByteString.fromArray(text("sync")))))
                .isEmpty();
    }

    private static Decoder<ByteString, Input> behindMessages() {
        return MessageDecoder.ofText(LIMITS).then(MessageLines.create(LIMIT));
    }
}
