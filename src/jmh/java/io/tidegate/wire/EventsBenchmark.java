package io.tidegate.wire;

import io.tidegate.MicroBenchmark;
import io.tidegate.document.Change;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import org.openjdk.jmh.annotations.Benchmark;

/** Writing one update as an event line. */
public class EventsBenchmark extends MicroBenchmark {

    private final Utf8Buffer buffer = new Utf8Buffer(4096);
    private final Update put = new Update(1_234_567, Change.put("orders", "o-17", DOCUMENT));
    private final Update delete = new Update(1_234_567, Change.delete("orders", "o-17"));

    @Benchmark
    public Utf8Buffer put() {
        buffer.clear();
        Events.update(put, buffer);
        return buffer;
    }

    @Benchmark
    public Utf8Buffer delete() {
        buffer.clear();
        Events.update(delete, buffer);
        return buffer;
    }
}
