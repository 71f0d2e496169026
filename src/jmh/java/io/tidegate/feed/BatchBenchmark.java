package io.tidegate.feed;

import io.tidegate.MicroBenchmark;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What one follower takes from a batch that all share. */
public class BatchBenchmark extends MicroBenchmark {

    private static final Selection HALF = Selection.ofCollections(List.of(new Collection("orders")));
    private static final Selection NOTHING = Selection.ofCollections(List.of(new Collection("others")));

    @Param({"1", "64"})
    private int updates = 1;

    private Batch batch = Puts.batch(1, DOCUMENT, 1);

    @Setup
    public void fill() {
        batch = Puts.batch(updates, DOCUMENT, 1);
    }

    @Benchmark
    public EventLines all() {
        return batch.linesAfter(0, Selection.ALL);
    }

    /** Made for each selection once, see {@link RunCache}. */
    @Benchmark
    public EventLines filtered() {
        return batch.linesAfter(0, HALF);
    }

    @Benchmark
    public EventLines filteredOut() {
        return batch.linesAfter(0, NOTHING);
    }
}
