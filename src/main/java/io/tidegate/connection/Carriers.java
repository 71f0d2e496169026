package io.tidegate.connection;

import io.tidegate.feed.Turns;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives woken connections their turn, in the order in which they were woken, on a few threads.
 *
 * <pre>
 *  wake, wake, wake ─► queue ─► carrier ─► connection: poll the session, write to its socket
 *                           └─► carrier ─► connection …
 * </pre>
 *
 * <p>A batch for a thousand followers is a thousand entries of the queue and a task or two of the executor, instead of a
 * message and a task for each follower. A carrier that finds the queue empty ends. A thread that wakes a few while no carrier runs is
 * the carrier itself: to hand them to another would take longer than their turns. Thread-safe.
 */
public final class Carriers implements Turns {

    private static final Logger log = LoggerFactory.getLogger(Carriers.class);

    /** Turns after which a carrier queues up at the executor again, so that whoever else uses its threads gets a turn too. */
    private static final int TURNS = 64;

    /** So many turns are taken by the thread that woke them. */
    private static final int FEW = 16;

    private final Executor executor;
    private final int most;
    private final ConcurrentLinkedQueue<Runnable> woken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    /** The thread that takes those turns itself that it has woken, so many; the number is its own. */
    private volatile @Nullable Thread keeper;

    private int kept;

    /**
     * Carriers that do not run yet.
     *
     * @param executor runs the carriers; they do not block
     * @param most how many run at once; at least 1
     */
    public Carriers(Executor executor, int most) {
        this.executor = executor;
        this.most = most;
    }

    /** Gives one turn. */
    @Override
    public void execute(Runnable connection) {
        woken.add(connection);
        if (keeper != Thread.currentThread() || ++kept > FEW) {
            start();
        }
    }

    @Override
    public void wake(Runnable waking, BooleanSupplier isIdle) {
        if (!running.compareAndSet(0, 1)) {
            waking.run();
            return;
        }
        kept = 0;
        keeper = Thread.currentThread();
        try {
            waking.run();
        } finally {
            carryFew(isIdle);
        }
    }

    private void carryFew(BooleanSupplier isIdle) {
        // Counted, for others may go on to wake more, and their turns still more.
        for (int turn = 0; turn < FEW && kept <= FEW && isIdle.getAsBoolean(); turn++) {
            Runnable next = woken.poll();
            if (next == null) {
                keeper = null;
                end();
                return;
            }
            give(next);
        }
        keeper = null;
        carryElsewhere();
    }

    private void carryElsewhere() {
        try {
            executor.execute(this::carry);
        } catch (RuntimeException | Error e) {
            // No thread could be made, say: the next who is woken tries again.
            running.decrementAndGet();
            throw e;
        }
    }

    private void start() {
        int now = running.get();
        while (now < most) {
            if (running.compareAndSet(now, now + 1)) {
                carryElsewhere();
                return;
            }
            now = running.get();
        }
    }

    private void carry() {
        for (int turn = 0; turn < TURNS; turn++) {
            Runnable next = woken.poll();
            if (next == null) {
                end();
                return;
            }
            give(next);
        }
        carryElsewhere();
    }

    /** Whatever a turn throws, memory that ran out included: the others wait for theirs, and this carrier goes on. */
    private static void give(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            log.error("A turn failed: internal error", e);
        }
    }

    private void end() {
        running.decrementAndGet();
        if (!woken.isEmpty()) {
            // Woken after the last look, when all carriers still seemed to run.
            start();
        }
    }
}
