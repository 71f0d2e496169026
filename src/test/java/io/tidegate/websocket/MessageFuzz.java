package io.tidegate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import io.tidegate.wire.Decoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages in any bytes, however these are cut. */
class MessageFuzz {

    private static final MessageLimits LIMITS = new MessageLimits(300, 400);
    private static final int MAX_LINE_BYTES = 100;

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void messagesAreTheSameHoweverTheBytesAreCutAndWithinTheirLimits(byte[] bytes) throws CharacterCodingException {
        List<List<ByteString>> cuts = Fuzzing.cuts(bytes);
        List<Message> text = messages(MessageDecoder.ofText(LIMITS), cuts.get(0));
        List<Message> any = messages(MessageDecoder.ofTextAndBinary(LIMITS), cuts.get(0));

        for (List<ByteString> chunks : cuts) {
            assertThat(messages(MessageDecoder.ofText(LIMITS), chunks)).isEqualTo(text);
            assertThat(messages(MessageDecoder.ofTextAndBinary(LIMITS), chunks)).isEqualTo(any);
        }
        for (int i = 0; i < any.size(); i++) {
            check(any.get(i), i == any.size() - 1);
        }
        assertThat(text).noneMatch(Message.Binary.class::isInstance);
    }

    private static List<Message> messages(MessageDecoder decoder, List<ByteString> chunks) {
        List<Message> messages = new ArrayList<>();
        var lines = MessageLines.create(MAX_LINE_BYTES);
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (Message message = decoder.next(); message != null; message = decoder.next()) {
                messages.add(message);
                lines.take(message);
                Input input;
                do {
                    input = lines.next();
                } while (input != null);
            }
            Decoder.Begun begun = decoder.begun();
            assertThat(begun == null ? 0 : begun.bytes()).isLessThanOrEqualTo(LIMITS.maxMessageBytes());
        }
        return messages;
    }

    private static void check(Message message, boolean isLast) throws CharacterCodingException {
        if (message instanceof Message.Data data) {
            assertThat(data.payload().size()).isLessThanOrEqualTo(LIMITS.maxMessageBytes());
        }
        if (message instanceof Message.Text text) {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.payload().toArray()));
        } else if (message instanceof Message.Ping ping) {
            assertThat(ping.payload().size()).isLessThanOrEqualTo(125);
        } else if (message instanceof Message.Pong pong) {
            assertThat(pong.payload().size()).isLessThanOrEqualTo(125);
        } else if (message instanceof Message.Close close) {
            assertThat(isLast).isTrue();
            assertThat(close.reason().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(123);
            assertThat(Frames.close(close).size()).isLessThanOrEqualTo(127);
        } else if (message instanceof Message.Violation violation) {
            assertThat(isLast).isTrue();
            assertThat(Frames.close(violation.code(), violation.reason()).size())
                    .isLessThanOrEqualTo(127);
        }
    }
}
