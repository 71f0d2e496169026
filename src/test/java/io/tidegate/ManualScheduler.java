package io.tidegate;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** The timers of one actor system, for which time passes when a test says so; made by Akka. See {@link TestTime}. */
public final class ManualScheduler extends AbstractScheduler {

    private record Timer(long due, long number, Runnable task, AtomicBoolean over) implements Cancellable {

        @Override
        public boolean cancel() {
            return !over.getAndSet(true);
        }

        @Override
        public boolean isCancelled() {
            return over.get();
        }
    }

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::number));

    private long now;
    private long count;

    /** The parameters are those that Akka gives to a scheduler. */
    public ManualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

    @Override
    public synchronized Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext on) {
        var timer = new Timer(now + delay.toNanos(), count++, task, new AtomicBoolean());
        timers.add(timer);
        return timer;
    }

    /** The delay is fixed, as the rate is: a task takes no time. */
    @SuppressWarnings("deprecation") // Akka has it implemented all the same
    @Override
    public Cancellable schedule(FiniteDuration first, FiniteDuration interval, Runnable task, ExecutionContext on) {
        return scheduleWithFixedDelay(first, interval, task, on);
    }

    @Override
    public double maxFrequency() {
        return 1000;
    }

    /** Runs what is due by then, one after the other, on the caller's thread. */
    void passes(long nanos) {
        long until;
        synchronized (this) {
            until = now + nanos;
        }
        for (Timer due = nextUntil(until); due != null; due = nextUntil(until)) {
            if (due.cancel()) {
                due.task().run();
            }
        }
    }

    private synchronized @Nullable Timer nextUntil(long until) {
        Timer next = timers.peek();
        boolean isDue = next != null && next.due() <= until;
        now = isDue ? next.due() : until;
        return isDue ? timers.remove() : null;
    }
}
