package io.tidegate.websocket;

import static io.tidegate.websocket.ClientFrames.LIMITS;
import static io.tidegate.websocket.ClientFrames.PING;
import static io.tidegate.websocket.ClientFrames.close;
import static io.tidegate.websocket.ClientFrames.frame;
import static io.tidegate.websocket.ClientFrames.join;
import static io.tidegate.websocket.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import io.tidegate.wire.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request lines out of messages. */
class MessageLinesTest {

    private static final int LIMIT = 8;

    private static ActorSystem system;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("message-lines");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    private static String shown(Input input) {
        if (input instanceof Input.RequestLine request) {
            return request.line() instanceof Line.TooLong
                    ? "<too long>"
                    : request.line().toString();
        }
        return "<" + input.getClass().getSimpleName() + ">";
    }

    private static List<String> lines(Message... messages) {
        var decoder = MessageLines.create(LIMIT);
        List<String> lines = new ArrayList<>();
        for (Message message : messages) {
            decoder.take(message);
            for (Input input = decoder.next(); input != null; input = decoder.next()) {
                lines.add(shown(input));
            }
        }
        assertThat(decoder.last()).isNull();
        return lines;
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
    void inAStreamLinesAreGivenAsTheyAreAskedForAndTheEndOfTheInputIsPassedOn() {
        var probes = TestSource.<ByteString>create(system)
                .via(MessageDecoder.stage(LIMITS))
                .via(MessageLines.stage(LIMIT))
                .map(MessageLinesTest::shown)
                .toMat(TestSink.create(system), Keep.both())
                .run(system);

        probes.first()
                .sendNext(ByteString.fromArray(join(text("ping\nsync"), frame(PING), text("quit"), close(1000))))
                .sendComplete();

        for (String input : List.of("ping", "sync", "<Ping>", "quit")) {
            probes.second().requestNext(input);
            probes.second().expectNoMessage(scala.concurrent.duration.Duration.Zero());
        }
        probes.second().requestNext("<Close>");
        probes.second().request(1).expectComplete();
    }

    @Test
    void inAStreamAViolationIsNoFailureAndWhatFollowsIsDiscarded() {
        var probes = TestSource.<ByteString>create(system)
                .via(MessageDecoder.stage(LIMITS))
                .via(MessageLines.stage(LIMIT))
                .map(MessageLinesTest::shown)
                .toMat(TestSink.create(system), Keep.both())
                .run(system);
        probes.second().request(10);

        probes.first().sendNext(ByteString.fromArray(join(text("ping"), new byte[] {(byte) 0x81, 0})));
        probes.second().expectNext("ping", "<Violation>");
        probes.first().sendNext(ByteString.fromArray(text("sync"))).sendComplete();

        probes.second().expectComplete();
    }
}
