package io.tidegate.wire;

import akka.util.ByteString;
import io.tidegate.MicroBenchmark;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Cutting chunks into lines of puts: time for one line. */
public class LineDecoderBenchmark extends MicroBenchmark {

    private static final int MAX_LINE_BYTES = 256 << 10;
    private static final int LINES = 65_536;

    @Param({"64", "1"})
    private int linesInAChunk = 1;

    private List<ByteString> chunks = List.of();

    @Setup
    public void fill() {
        String lines = ("put orders o-17 " + DOCUMENT + "\n").repeat(linesInAChunk);
        ByteString chunk = ByteString.fromArray(lines.getBytes(StandardCharsets.UTF_8));
        chunks = Collections.nCopies(LINES / linesInAChunk, chunk);
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public void lines(Blackhole hole) {
        var decoder = LineDecoder.create(MAX_LINE_BYTES);
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (Line line = decoder.next(); line != null; line = decoder.next()) {
                hole.consume(line);
            }
        }
    }

    /** The difference to {@link #lines} is what is gained by work on the parser. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void linesAndRequests(Blackhole hole) throws RequestException {
        var decoder = LineDecoder.create(MAX_LINE_BYTES);
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (Line line = decoder.next(); line != null; line = decoder.next()) {
                hole.consume(((Line.Text) line).request());
            }
        }
    }
}
