package io.tidegate;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How the micro-benchmarks run unless the command line says otherwise: nanoseconds for one of what each is about. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class MicroBenchmark {

    private static final String BEGINNING =
            "{\"id\":\"o-17\",\"qty\":5,\"lat\":59.8012,\"lon\":-136.5049,\"tags\":[\"a\",\"b\"],\"note\":\"";

    private static final String END = "\"}";

    /** A document of the size that is usual in comparisons: 128 bytes. */
    protected static final String DOCUMENT = BEGINNING + "x".repeat(128 - BEGINNING.length() - END.length()) + END;
}
