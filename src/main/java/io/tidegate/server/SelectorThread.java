package io.tidegate.server;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a selector, which goes on itself with what it found.
 *
 * <pre>
 *  select ─► its actor reads ─► its stream takes the lines ─► …   until nothing follows ─► select
 *        └─► its actor reads ─► …
 *                 └─ if it takes too long: to the pool
 * </pre>
 *
 * <p>A lone line would go from thread to thread otherwise, and each of these changes takes longer than what is done then. So
 * what this thread hands to a {@link SelectorAwarePool}, it keeps, and does it before it selects again, in the order in which it
 * came. When that takes long, the pool's threads share it: whoever is ready meanwhile waits to be selected. One task that takes
 * long holds up all that was found along with it, and is followed by a pause that makes up for it.
 */
final class SelectorThread extends ThreadPoolExecutor {

    /** For so long what was kept is done; the rest goes to the pool. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** When it took longer, nothing is kept for so many times as long: there is much to do, or somebody sends what takes its time. */
    static final int PAUSE = 5;

    private static final ThreadLocal<SelectorThread> CURRENT = new ThreadLocal<>();

    /** What follows from a selection, and who does it if this thread does not. */
    private record Kept(Runnable task, Executor pool) {}

    private final LongSupplier nanoClock;

    // Of the thread alone.
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private long pausedSince;
    private long pauseNanos;

    /** Starts with the first task; the clock tells how long what it kept takes. */
    SelectorThread(ThreadFactory threads, LongSupplier nanoClock) {
        super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        this.nanoClock = nanoClock;
        pausedSince = nanoClock.getAsLong();
    }

    /**
     * Whether a task is done by this thread, since that is a selector's; else the caller hands it to the pool.
     *
     * @param pool is handed it after all if the thread comes to do too much
     */
    static boolean keeps(Runnable task, Executor pool) {
        SelectorThread current = CURRENT.get();
        return current != null && current.keep(task, pool);
    }

    private boolean keep(Runnable task, Executor pool) {
        if (isPaused(nanoClock.getAsLong())) {
            return false;
        }
        kept.add(new Kept(task, pool));
        return true;
    }

    private boolean isPaused(long now) {
        return now - pausedSince < pauseNanos;
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable selection) {
        CURRENT.set(this);
    }

    @Override
    protected void afterExecute(Runnable selection, @Nullable Throwable failure) {
        long began = nanoClock.getAsLong();
        long now = began;
        for (Kept next = kept.poll(); next != null; next = kept.poll()) {
            give(next, now);
            now = nanoClock.getAsLong();
            if (now - began > LONGEST_NANOS) {
                pausedSince = now;
                pauseNanos = PAUSE * (now - began);
            }
        }
    }

    private void give(Kept next, long now) {
        try {
            if (isPaused(now)) {
                next.pool().execute(next.task());
            } else {
                next.task().run();
            }
        } catch (Throwable e) {
            tell(e);
        } finally {
            // Left to the next, it would close the socket that is read then.
            boolean unused = Thread.interrupted();
        }
    }

    /**
     * As in the pool it is told to whom Akka set, who ends the process for some errors, and waits until that is done. So another
     * thread has to tell: this one goes on, for all depend on it, the end of the process as well.
     */
    private static void tell(Throwable failure) {
        Thread failed = Thread.currentThread();
        Thread.UncaughtExceptionHandler handler = failed.getUncaughtExceptionHandler();
        new Thread(() -> handler.uncaughtException(failed, failure), "tidegate-failure").start();
    }
}
