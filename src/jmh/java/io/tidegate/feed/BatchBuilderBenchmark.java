package io.tidegate.feed;

import io.tidegate.MicroBenchmark;
import io.tidegate.document.Change;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Encoding a group of changes into a batch: time for the whole batch. */
public class BatchBuilderBenchmark extends MicroBenchmark {

    @Param({"1", "64", "1024"})
    private int updates = 1;

    private final Batch.Builder builder = new Batch.Builder(Puts.ENCODER);
    private List<Change> changes = List.of();

    @Setup
    public void fill() {
        changes = Puts.changes(updates, DOCUMENT);
    }

    @Benchmark
    public Batch build() {
        return builder.build(changes, 1_000_000, 1_000_000 + updates, 1 << 30, 1_700_000_000_000L);
    }
}
