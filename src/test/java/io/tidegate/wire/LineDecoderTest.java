package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines out of chunks, however TCP cuts them. */
class LineDecoderTest {

    private static final int LIMIT = 8;

    private static ActorSystem system;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("line-decoder");
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    /** A line as the tests compare it. */
    private static String shown(Line line) {
        if (line instanceof Line.TooLong) {
            return "<too long>";
        }
        return line instanceof Line.Incomplete ? "<incomplete>" : line.toString();
    }

    private static Flow<ByteString, String, NotUsed> decoder() {
        return Flow.of(ByteString.class)
                .via(DecoderStage.create("LineDecoder", () -> LineDecoder.create(LIMIT)))
                .map(LineDecoderTest::shown);
    }

    private static List<String> decoded(List<ByteString> chunks) {
        return Source.from(chunks)
                .via(decoder())
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .join();
    }

    private static List<String> decoded(String text) {
        return decoded(List.of(bytes(text)));
    }

    private static ByteString bytes(String text) {
        return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the lines are, said in the plainest way. */
    private static List<String> expected(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String tail = lines.remove(lines.size() - 1);
        lines.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        lines.replaceAll(line -> line.length() > LIMIT ? "<too long>" : line);
        if (!tail.isEmpty()) {
            // One byte over the limit may still turn out to be the CR of a line's end.
            lines.add(tail.length() > LIMIT + 1 ? "<too long>" : "<incomplete>");
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping\nsync\n",
                "ping\r\nsync\r\n",
                "\n\n\r\n\r\r\n",
                "12345678\n1234567\r\n",
                "12345678\r\nping\n",
                "123456789\nping\n",
                "123456789\r\nping\n",
                "12345678\r\r\nping\n",
                "1234567\r8\nping\n",
                "much too long for this\r\nping\nand again far too long\nq\n",
                "ping\nincompl",
                "ping\nincomple\r",
                "ping\nincomplete and too long",
                "\u00e9\u20ac\n\n"
            })
    void howTheInputIsCutMakesNoDifference(String text) {
        byte[] input = text.getBytes(StandardCharsets.UTF_8);
        List<String> asOneChunk = decoded(text);
        List<ByteString> singleBytes = new ArrayList<>();
        for (byte b : input) {
            singleBytes.add(ByteString.fromArray(new byte[] {b}));
        }

        if (text.length() == input.length) {
            assertThat(asOneChunk).isEqualTo(expected(text));
        }
        assertThat(decoded(singleBytes)).as("cut into bytes").isEqualTo(asOneChunk);
        for (int cut = 0; cut <= input.length; cut++) {
            ByteString before = ByteString.fromArray(input, 0, cut);
            ByteString after = ByteString.fromArray(input, cut, input.length - cut);
            assertThat(decoded(List.of(before, after))).as("cut at " + cut).isEqualTo(asOneChunk);
        }
    }

    @Test
    void randomInputInRandomPiecesGivesTheExpectedLines() {
        long seed = Long.getLong("tidegate.seed", 20250102);
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var text = new StringBuilder();
            while (text.length() < 60) {
                text.append("x".repeat(random.nextInt(12)))
                        .append(random.nextBoolean() ? "\r" : "")
                        .append(random.nextInt(4) == 0 ? "" : "\n");
            }
            List<ByteString> chunks = new ArrayList<>();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + random.nextInt(14));
                ByteString chunk = bytes(text.substring(from, to));
                chunks.add(
                        random.nextBoolean() ? chunk : bytes("..").concat(chunk).drop(2));
                from = to;
            }

            assertThat(decoded(chunks))
                    .as("seed " + seed + ", round " + round + ", chunks " + chunks)
                    .isEqualTo(expected(text.toString()));
        }
    }

    @Test
    void theLimitCountsTheLineWithoutItsEnd() {
        assertThat(decoded("12345678\n")).containsExactly("12345678");
        assertThat(decoded("12345678\r\n")).containsExactly("12345678");
        assertThat(decoded("123456789\n")).containsExactly("<too long>");
        assertThat(decoded("123456789\r\n")).containsExactly("<too long>");
    }

    @Test
    void aLineOverTheLimitIsSkippedAndTheNextOneIsRead() {
        assertThat(decoded("ping\nfar too long a line\nsync\n")).containsExactly("ping", "<too long>", "sync");
    }

    @Test
    void aLineOverTheLimitIsReportedOnceAndBeforeItsEndIsSeen() {
        var probes = probes();
        probes.second().request(10);

        probes.first().sendNext(bytes("ping\n0123456789"));
        probes.second().expectNext("ping", "<too long>");
        probes.first().sendNext(bytes("0123456789"));
        probes.first().sendNext(bytes("01\nsync\n"));

        probes.second().expectNext("sync");
    }

    @Test
    void anInputThatEndsWithinALineEndsWithIncomplete() {
        assertThat(decoded("ping\nsyn")).containsExactly("ping", "<incomplete>");
        assertThat(decoded("ping\n\r")).containsExactly("ping", "<incomplete>");
        assertThat(decoded("ping\n")).containsExactly("ping");
        assertThat(decoded("")).isEmpty();
        assertThat(decoded(List.of())).isEmpty();
    }

    @Test
    void linesOfOneChunkAreGivenAsTheyAreAskedFor() {
        var probes = probes();

        probes.first().sendNext(bytes("a\nb\nc\nd")).sendComplete();

        for (String line : List.of("a", "b", "c")) {
            probes.second().requestNext(line);
            probes.second().expectNoMessage(scala.concurrent.duration.Duration.Zero());
        }
        probes.second().requestNext("<incomplete>");
        probes.second().expectComplete();
    }

    @Test
    void noChunkIsAskedForWhileLinesAreLeft() {
        AtomicLong asked = new AtomicLong();
        TestSubscriber.Probe<String> lines = Source.repeat(bytes("a\nb\nc\n"))
                .map(chunk -> {
                    asked.incrementAndGet();
                    return chunk;
                })
                .via(decoder())
                .runWith(TestSink.create(system), system);

        lines.request(3).expectNext("a", "b", "c");

        assertThat(asked).hasValue(1);
        lines.cancel();
    }

    @Test
    void aLineStaysAsItIsWhenLaterChunksCome() {
        List<Line> lines = Source.from(List.of("ab", "c\nde", "f\n", "ghi\njkl\n", "mn", "o", "\n"))
                .map(LineDecoderTest::bytes)
                .via(DecoderStage.create("LineDecoder", () -> LineDecoder.create(LIMIT)))
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .join();

        assertThat(lines).map(LineDecoderTest::shown).containsExactly("abc", "def", "ghi", "jkl", "mno");
    }

    @Test
    void theEndOfTheLinesIsPassedUpstream() {
        var probes = probes();

        probes.second().cancel();

        probes.first().expectCancellation();
    }

    @Test
    void whatHasBegunIsTheLineThatIsNotWhole() {
        LineDecoder decoder = LineDecoder.create(LIMIT);
        assertThat(decoder.begun()).isNull();

        Decoding.next(decoder, bytes("a\nb\nc"));
        assertThat(decoder.begun()).isEqualTo(new Decoder.Begun(2, 1));
        Decoding.next(decoder, bytes("dd"));
        assertThat(decoder.begun()).isEqualTo(new Decoder.Begun(2, 3));
        Decoding.next(decoder, bytes("\n"));
        assertThat(decoder.begun()).isNull();
        Decoding.next(decoder, bytes("much too long"));
        assertThat(decoder.begun()).isEqualTo(new Decoder.Begun(3, LIMIT));
        Decoding.next(decoder, bytes(" and more"));
        assertThat(decoder.begun()).isEqualTo(new Decoder.Begun(3, LIMIT));
        Decoding.next(decoder, bytes("\n"));
        assertThat(decoder.begun()).isNull();
    }

    @Test
    void aHundredMebibytesWithoutANewlineHoldNoMoreThanTheLimit() {
        ByteString chunk = ByteString.fromArrayUnsafe(new byte[64 * 1024]);
        Runtime runtime = Runtime.getRuntime();
        AtomicLong most = new AtomicLong();
        System.gc();
        long before = runtime.totalMemory() - runtime.freeMemory();

        List<String> lines = Source.range(1, 1600)
                .map(i -> {
                    if (i % 400 == 0) {
                        System.gc();
                        most.accumulateAndGet(runtime.totalMemory() - runtime.freeMemory() - before, Math::max);
                    }
                    return chunk;
                })
                .concat(Source.single(bytes("\nping\n")))
                .via(DecoderStage.create("LineDecoder", () -> LineDecoder.create(1 << 20)))
                .map(LineDecoderTest::shown)
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .join();

        assertThat(lines).containsExactly("<too long>", "ping");
        assertThat(most.get()).isLessThan(16 << 20);
    }

    @Test
    void randomBytesAreNeverMoreThanAMistake() {
        long seed = Long.getLong("tidegate.seed", 20250103);
        var random = new Random(seed);
        byte[] words = "put delete sync updates follow after a:1 ping quit help {\"a\":[1]} \r\n\n"
                .getBytes(StandardCharsets.UTF_8);
        List<ByteString> chunks = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] chunk = new byte[random.nextInt(40)];
            int from = random.nextInt(words.length);
            for (int j = 0; j < chunk.length; j++) {
                chunk[j] = random.nextInt(12) == 0 ? (byte) random.nextInt(256) : words[(from + j) % words.length];
            }
            chunks.add(ByteString.fromArrayUnsafe(chunk));
        }

        long mistakes = Source.from(chunks)
                .via(DecoderStage.create("LineDecoder", () -> LineDecoder.create(64)))
                .map(line -> line instanceof Line.Text text && isMistake(text) ? 1L : 0L)
                .runWith(Sink.fold(0L, Long::sum), system)
                .toCompletableFuture()
                .join();

        assertThat(mistakes).as("seed " + seed).isPositive();
    }

    /** Any other exception fails the stream, and with it the test. */
    private static boolean isMistake(Line.Text line) {
        try {
            return line.request(1024) == null;
        } catch (RequestException e) {
            assertThat(e.message()).isNotBlank().doesNotContain("\n");
            return true;
        }
    }

    private static Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<String>> probes() {
        return TestSource.<ByteString>create(system)
                .via(decoder())
                .toMat(TestSink.create(system), Keep.both())
                .run(system);
    }
}
