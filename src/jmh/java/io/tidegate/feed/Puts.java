package io.tidegate.feed;

import io.tidegate.connection.LineEvents;
import io.tidegate.document.Change;
import java.util.List;
import java.util.stream.IntStream;

/** Batches of puts for the benchmarks, encoded as the server does. */
final class Puts {

    static final EventEncoder ENCODER = new LineEvents();

    private Puts() {}

    /** Puts into two collections in turn, so that a filter can let half of them pass. */
    static List<Change> changes(int count, String json) {
        return IntStream.range(0, count)
                .mapToObj(i -> Change.put(i % 2 == 0 ? "orders" : "positions", "o-" + i % 100, json))
                .toList();
    }

    static Batch batch(int count, String json, long firstSeq) {
        return new Batch.Builder(ENCODER).build(changes(count, json), firstSeq, firstSeq - 1 + count, 0, 0);
    }
}
