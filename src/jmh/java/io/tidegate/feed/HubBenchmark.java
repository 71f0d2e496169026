package io.tidegate.feed;

import io.tidegate.MicroBenchmark;
import io.tidegate.document.Selection;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** The ring: publishing batches of one update, and cursors that read them. Time for one of what the name says. */
public class HubBenchmark extends MicroBenchmark {

    private static final int BATCHES = 1024;
    private static final int CURSORS = 1000;
    private static final int ROUNDS = 64;
    private static final Hub.Settings SETTINGS = new Hub.Settings(4096, 1 << 30);

    private final Batch[] batches = new Batch[BATCHES];
    private final long[] entries = new long[CURSORS];
    private final Wakeup[] wakeups = new Wakeup[CURSORS];
    private final Hub full = new Hub(SETTINGS, 0);
    private final Interest everything = full.join(Selection.ALL);
    private long signals;

    @Setup
    public void fill() {
        for (int i = 0; i < BATCHES; i++) {
            batches[i] = Puts.batch(1, DOCUMENT, 1 + i);
            full.append(batches[i]);
        }
        for (int i = 0; i < CURSORS; i++) {
            wakeups[i] = new Wakeup(Runnable::run, () -> signals++);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public Hub append() {
        var target = new Hub(SETTINGS, 0);
        for (Batch batch : batches) {
            target.append(batch);
        }
        return target;
    }

    /** A cursor that follows finds its place once and then reads entry after entry. */
    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public void read(Blackhole sink) {
        long seq = 0;
        for (long entry = full.find(1); seq < BATCHES; entry++) {
            Batch batch = full.read(entry, seq + 1);
            sink.consume(batch);
            seq++;
        }
    }

    /** Each batch is read by all cursors before the next is published, as in a feed that is not in a hurry. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS * CURSORS)
    public void readByMany(Blackhole sink) {
        var target = new Hub(SETTINGS, 0);
        for (int round = 0; round < ROUNDS; round++) {
            target.append(batches[round]);
            for (int cursor = 0; cursor < CURSORS; cursor++) {
                Batch batch = target.read(entries[cursor] + round, round + 1);
                sink.consume(batch == null ? null : batch.linesAfter(round, Selection.ALL));
            }
        }
    }

    @Benchmark
    public long find() {
        return full.find(BATCHES / 3);
    }

    /** One round of a live feed for each cursor: read, park, be woken. */
    @Benchmark
    @OperationsPerInvocation(CURSORS)
    public long parkAndWake() {
        for (Wakeup wakeup : wakeups) {
            wakeup.reset();
            full.park(everything, wakeup, BATCHES);
        }
        full.wakeParked(Runnable::run);
        return signals;
    }
}
