package io.tidegate.feed;

import io.tidegate.MicroBenchmark;
import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What the index adds to a commit, for one of its updates. */
public class InterestsBenchmark extends MicroBenchmark {

    private static final int UPDATES = 64;

    /** Selections of one key each; none of them matches. */
    @Param({"0", "1", "10000"})
    private int idle;

    /** Selections of one key each that match. */
    @Param({"0", "64"})
    private int matching;

    private final Interests interests = new Interests();
    private final List<Change> changes = IntStream.range(0, UPDATES)
            .mapToObj(i -> Change.put("orders", "o-" + i, DOCUMENT))
            .toList();
    private long seq = 1;

    @Setup
    public void fill() {
        IntStream.range(0, idle).forEach(i -> interests.join(one("idle-" + i), 0));
        IntStream.range(0, matching).forEach(i -> interests.join(one("o-" + i), 0));
    }

    private static Selection one(String key) {
        return Selection.of(List.of(Selector.parse("orders/" + key)));
    }

    @Benchmark
    @OperationsPerInvocation(UPDATES)
    public void mark() {
        interests.mark(changes, seq);
        interests.moveParkedTo(new Round());
        seq += UPDATES;
    }
}
