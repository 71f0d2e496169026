package io.tidegate.wire;

import akka.actor.ActorSystem;
import akka.stream.FlowShape;
import akka.stream.Graph;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.MicroBenchmark;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Cutting chunks into lines of puts, in a running stream: time for one line. */
public class LineDecoderBenchmark extends MicroBenchmark {

    private static final int MAX_LINE_BYTES = 256 << 10;
    private static final int LINES = 65_536;

    @Param({"64", "1"})
    private int linesInAChunk = 1;

    private final ActorSystem system = ActorSystem.create();
    private List<ByteString> chunks = List.of();

    @Setup
    public void fill() {
        String lines = ("put orders o-17 " + DOCUMENT + "\n").repeat(linesInAChunk);
        ByteString chunk = ByteString.fromArray(lines.getBytes(StandardCharsets.UTF_8));
        chunks = Collections.nCopies(LINES / linesInAChunk, chunk);
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public int lines() {
        return run(LineDecoder.stage(MAX_LINE_BYTES));
    }

    /** The difference to {@link #lines} is what is gained by work on the parser. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public int linesAndRequests() {
        return run(
                Flow.of(ByteString.class).via(LineDecoder.stage(MAX_LINE_BYTES)).map(line -> {
                    Request unused = ((Line.Text) line).request();
                    return line;
                }));
    }

    private int run(Graph<FlowShape<ByteString, Line>, ?> decoder) {
        return Source.from(chunks)
                .via(decoder)
                .runWith(Sink.fold(0, (count, line) -> count + 1), system)
                .toCompletableFuture()
                .join();
    }

    @TearDown
    public void terminate() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
