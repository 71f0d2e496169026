package io.tidegate.cli.bench;

import io.tidegate.MicroBenchmark;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** What one delivery costs the benchmark's own client, without the socket. */
public class TransportBenchmark extends MicroBenchmark {

    private static final int LINES = 1024;

    private final Transport transport = new Transport.Lines("updates bench\n");
    private final Latencies latencies = new Latencies();
    private final AtomicLongArray published = new AtomicLongArray(1);
    private final Mark mark = new Mark(128, 1, 42);
    private final byte[] bytes = lines();

    private byte[] lines() {
        var text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            byte[] value = mark.blank();
            mark.write(value, 0, 0, i, 1 + i);
            text.append("{\"event\":\"put\",\"seq\":")
                    .append(1_000_000 + i)
                    .append(",\"collection\":\"bench\",\"key\":\"k00000017\",\"value\":")
                    .append(new String(value, StandardCharsets.UTF_8))
                    .append("}\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Setup(Level.Trial)
    public void measure() {
        published.set(0, LINES);
        latencies.measure(0, Long.MAX_VALUE);
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public int delivery() throws BenchFailure {
        var follower = Follower.reader(transport, mark, new OrderCheck(published), latencies);
        return transport.take(bytes, 0, bytes.length, follower);
    }
}
