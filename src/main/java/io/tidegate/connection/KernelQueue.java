package io.tidegate.connection;

import io.tidegate.feed.Wakeup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What waits in the kernel for a client that is to be told the newest: it has to be short. What stands in it was chosen, and is sent
 * when its turn comes, seconds later perhaps. Guarded by the connection's lock.
 */
final class KernelQueue {

    /** A client that takes ten kilobytes a second has so much within a twentieth of one. */
    private static final int SHORT_BYTES = 512;

    /** The kernel does not say when its queue has become short, so it is looked at again. */
    private static final long SHORTEST_LOOK_NANOS = Duration.ofMillis(20).toNanos();

    /** Of one that does not become shorter, ever more seldom. */
    private static final long LONGEST_LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final Outbound outbound;
    private final Executor turns;
    private final Wakeup wakeup;
    private boolean lookDue;

    /** The queue of one connection; its wakeup is signalled through {@code turns} when it may have become short. */
    KernelQueue(Outbound outbound, Executor turns, Wakeup wakeup) {
        this.outbound = outbound;
        this.turns = turns;
        this.wakeup = wakeup;
    }

    /** Whether it is too early to ask that dialogue what it says next; if so, the connection gets another turn soon. */
    boolean isTooLongFor(Dialogue<?> dialogue) {
        boolean isTooLong = dialogue.saysTheNewest() && outbound.isQueueLongerThan(SHORT_BYTES);
        if (isTooLong && !lookDue) {
            lookDue = true;
            long delay = Math.max(SHORTEST_LOOK_NANOS, Math.min(outbound.queueStuckFor(), LONGEST_LOOK_NANOS));
            CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, turns)
                    .execute(this::look);
        }
        return isTooLong;
    }

    private void look() {
        synchronized (outbound) {
            lookDue = false;
        }
        wakeup.signal();
    }
}
