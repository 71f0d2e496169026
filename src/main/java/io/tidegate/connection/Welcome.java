package io.tidegate.connection;

import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does the work of those who come, milliseconds of a processor each, and gives way to those who are there.
 *
 * <p>Each piece of work waits for one turn on the threads that serve the connections, so that however many clients come at once,
 * what is due to the others goes first. While more than a few pieces wait nobody should be let in: whoever waits in the kernel
 * costs nothing, and a thousand connections that are made in one go hold up everybody else's turns. Only who has given work
 * counts, so clients that are silent hold up nobody. Thread-safe.
 */
public final class Welcome implements Executor {

    /** Turns that are always busy do not keep everybody out. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Executor threads;
    private final Executor turns;
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Runnable> whenRoom = new CopyOnWriteArrayList<>();

    /**
     * Nobody has come yet.
     *
     * @param threads do the work; they may block
     * @param turns serve those who are there; they do not block
     * @param most pieces of work that may wait while others are let in; at least 1
     */
    public Welcome(Executor threads, Executor turns, int most) {
        this.threads = threads;
        this.turns = turns;
        this.most = most;
    }

    /** Reads how many pieces of work may wait while others are let in. */
    public static int mostFrom(Section connection) {
        return connection.number("handshakes-waiting", 1, 100_000);
    }

    /** Does a piece of work when its turn has come. */
    @Override
    public void execute(Runnable work) {
        waiting.incrementAndGet();
        try {
            threads.execute(() -> {
                try {
                    giveWay();
                    work.run();
                } finally {
                    done();
                }
            });
        } catch (RuntimeException | Error e) {
            // No thread could be made, or the server has ended.
            done();
            throw e;
        }
    }

    private void giveWay() {
        var taken = new CountDownLatch(1);
        turns.execute(taken::countDown);
        try {
            // Whether it was taken or patience is over, the work is due.
            boolean unused = taken.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void done() {
        if (waiting.decrementAndGet() == most / 2) {
            whenRoom.forEach(Runnable::run);
        }
    }

    /** How many may be let in. */
    int room() {
        return Math.max(0, most - waiting.get());
    }

    /**
     * Asks to be told whenever there is room again.
     *
     * @param listener called by any thread; must not block
     */
    void whenRoom(Runnable listener) {
        whenRoom.add(listener);
    }
}
