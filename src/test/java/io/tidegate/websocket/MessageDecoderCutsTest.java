package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.BINARY;
import static io.tidegate.websocket.ClientFrames.CONTINUATION;
import static io.tidegate.websocket.ClientFrames.FINAL;
import static io.tidegate.websocket.ClientFrames.LIMITS;
import static io.tidegate.websocket.ClientFrames.PING;
import static io.tidegate.websocket.ClientFrames.PONG;
import static io.tidegate.websocket.ClientFrames.TEXT;
import static io.tidegate.websocket.ClientFrames.close;
import static io.tidegate.websocket.ClientFrames.decoded;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.hex;
import static io.tidegate.websocket.ClientFrames.join;
import static io.tidegate.websocket.ClientFrames.pieces;
import static io.tidegate.websocket.ClientFrames.text;
import static io.tidegate.websocket.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the input is cut, the messages are the same. */
class MessageDecoderCutsTest {

    private static final String TEXT_OF_ALL_LENGTHS = "a\u00e9\u20ac\ud83d\ude00 and plain ASCII of more than one word";

    static Stream<Named<byte[]>> inputs() {
        return Stream.of(
                Named.of("one text", text(TEXT_OF_ALL_LENGTHS)),
                Named.of("a length in two bytes", text(TEXT_OF_ALL_LENGTHS.repeat(5))),
                Named.of(
                        "fragments with control frames between",
                        join(
                                frame(TEXT - FINAL, Arrays.copyOfRange(utf8(TEXT_OF_ALL_LENGTHS), 0, 8)),
                                frame(PING, utf8("ping")),
                                frame(CONTINUATION - FINAL, Arrays.copyOfRange(utf8(TEXT_OF_ALL_LENGTHS), 8, 9)),
                                frame(PONG),
                                frame(CONTINUATION - FINAL),
                                frame(CONTINUATION, Arrays.copyOfRange(utf8(TEXT_OF_ALL_LENGTHS), 9, 20)))),
                Named.of("empty frames", join(text(""), frame(BINARY), frame(PING), frame(PONG), text(""))),
                Named.of("a close with a reason", join(text("quit"), close(1000, utf8("b\u00fde")), text("no more"))),
                Named.of("a close without a code", frame(ClientFrames.CLOSE)),
                Named.of("a rule broken", join(text("sync"), hex("81 05 aabbccddee"), text("sync"))),
                Named.of("invalid text", join(text("sync"), frame(TEXT, hex("6161 ff 61")), text("sync"))),
                Named.of("text that is cut off", join(frame(TEXT, hex("61 e2 82")), text("sync"))),
                Named.of("too large", join(text("sync"), hex("81 ff 00000000000186a1 00000000"), text("sync"))));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void chunksOfAnySizeGiveTheSame(byte[] input) {
        List<Message> asOneChunk = decoded(input);

        for (int size = 1; size < input.length; size++) {
            assertThat(decoded(pieces(input, size))).as("chunks of " + size).isEqualTo(asOneChunk);
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void aCutAnywhereGivesTheSame(byte[] input) {
        List<Message> asOneChunk = decoded(input);

        for (int cut = 0; cut <= input.length; cut++) {
            ByteString before = ByteString.fromArray(input, 0, cut);
            ByteString after = ByteString.fromArray(input, cut, input.length - cut);
            assertThat(decoded(List.of(before, after))).as("cut at " + cut).isEqualTo(asOneChunk);
        }
    }

    @Test
    void aLargeMessageInSmallPiecesIsTheSame() {
        byte[] input = text(TEXT_OF_ALL_LENGTHS.repeat(1_500));

        for (int size : new int[] {1, 7, 1_000, 16_384, 65_536}) {
            assertThat(decoded(pieces(input, size))).as("chunks of " + size).isEqualTo(decoded(input));
        }
    }

    @Test
    void aHundredThousandFragmentsOfOneByteAreOneMessage() {
        byte[] one = frame(CONTINUATION - FINAL, (byte) 'x');
        var input = new ByteArrayOutputStream();
        input.writeBytes(frame(TEXT - FINAL));
        for (int i = 0; i < 100_000; i++) {
            input.writeBytes(one);
        }
        input.writeBytes(frame(CONTINUATION));

        assertThat(decoded(pieces(input.toByteArray(), 16_384)))
                .containsExactly(ClientFrames.textMessage("x".repeat(100_000)));
    }

    @Test
    void randomMessagesInRandomFragmentsAndChunksComeBack() {
        long seed = Long.getLong("tidegate.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            var input = new ByteArrayOutputStream();
            List<Message> expected = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                write(randomMessage(random), random, input, expected);
            }
            input.writeBytes(close(1000));
            expected.add(new Message.Close(1000, ""));

            assertThat(decoded(randomPieces(input.toByteArray(), random)))
                    .as("-Dtidegate.seed=" + seed + ", round " + round)
                    .isEqualTo(expected);
        }
    }

    private static Message randomMessage(Random random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(60_000) : random.nextInt(300);
        if (random.nextBoolean()) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return new Message.Binary(ByteString.fromArray(bytes));
        }
        var text = new StringBuilder();
        while (text.length() < length / 2) {
            int bits = 7 + random.nextInt(15);
            int codePoint = random.nextInt(Math.min(1 << bits, Character.MAX_CODE_POINT + 1));
            boolean isSurrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(isSurrogate ? '\n' : codePoint);
        }
        return new Message.Text(ByteString.fromString(text.toString()));
    }

    private static void write(Message message, Random random, ByteArrayOutputStream input, List<Message> expected) {
        byte[] payload = ((Message.Data) message).payload().toArray();
        int first = message instanceof Message.Text ? TEXT : BINARY;
        int from = 0;
        while (random.nextInt(3) > 0) {
            int to = from + random.nextInt(payload.length - from + 1);
            input.writeBytes(frame(first - FINAL, random.nextInt(), Arrays.copyOfRange(payload, from, to)));
            first = CONTINUATION;
            from = to;
            if (random.nextBoolean()) {
                byte[] control = new byte[random.nextInt(126)];
                random.nextBytes(control);
                boolean isPing = random.nextBoolean();
                input.writeBytes(frame(isPing ? PING : PONG, random.nextInt(), control));
                ByteString bytes = ByteString.fromArray(control);
                expected.add(isPing ? new Message.Ping(bytes) : new Message.Pong(bytes));
            }
        }
        input.writeBytes(frame(first, random.nextInt(), Arrays.copyOfRange(payload, from, payload.length)));
        expected.add(message);
    }

    private static List<ByteString> randomPieces(byte[] input, Random random) {
        ByteString all = ByteString.fromArray(input);
        List<ByteString> pieces = new ArrayList<>();
        int most = 1 << (4 + random.nextInt(13));
        for (int from = 0; from < input.length; ) {
            int to = Math.min(input.length, from + random.nextInt(most + 1));
            pieces.add(all.slice(from, to));
            from = to;
        }
        return pieces;
    }

    @Test
    void damagedInputIsNeverMoreThanOneViolationAtTheEnd() {
        long seed = Long.getLong("tidegate.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] input = join(
                    frame(TEXT - FINAL, utf8(TEXT_OF_ALL_LENGTHS)),
                    frame(PING, utf8("p")),
                    frame(CONTINUATION, utf8(TEXT_OF_ALL_LENGTHS)),
                    frame(BINARY, new byte[200]),
                    close(1001, utf8("bye")));
            for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
                input[random.nextInt(input.length)] = (byte) random.nextInt(256);
            }

            List<Message> messages = decoded(MessageDecoder.ofText(LIMITS), randomPieces(input, random));

            assertThat(messages.subList(0, Math.max(0, messages.size() - 1)))
                    .as("-Dtidegate.seed=" + seed + ", round " + round)
                    .noneMatch(message -> message instanceof Message.Violation || message instanceof Message.Close);
        }
    }
}
