package io.tidegate.wire;

import io.tidegate.MicroBenchmark;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/** Reading one request line; the check of the put's JSON is the larger part of it. */
public class RequestBenchmark extends MicroBenchmark {

    private final byte[] put = ("put orders o-17 " + DOCUMENT).getBytes(StandardCharsets.UTF_8);
    private final byte[] shortPut = "put orders o-17 5".getBytes(StandardCharsets.UTF_8);
    private final byte[] follow = "follow after k7f3x2ab:1042 orders".getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public Request put() throws RequestException {
        return RequestParser.parse(put, 0, put.length);
    }

    @Benchmark
    public Request shortPut() throws RequestException {
        return RequestParser.parse(shortPut, 0, shortPut.length);
    }

    @Benchmark
    public Request follow() throws RequestException {
        return RequestParser.parse(follow, 0, follow.length);
    }
}
