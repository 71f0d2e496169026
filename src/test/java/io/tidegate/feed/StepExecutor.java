package io.tidegate.feed;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps tasks until a test runs them, on the test's thread. */
public final class StepExecutor implements Executor {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    public int pending() {
        return tasks.size();
    }

    /** Runs one task if there is one. */
    public boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Waits for a task that another thread adds, and runs it. */
    public void awaitNext() throws InterruptedException {
        Runnable task = tasks.poll(60, TimeUnit.SECONDS);
        if (task == null) {
            throw new AssertionError("no task came");
        }
        task.run();
    }

    /** Runs tasks until there is none, also those that others add. */
    public void runAll() {
        while (runNext()) {
            // Each turn runs one.
        }
    }
}
