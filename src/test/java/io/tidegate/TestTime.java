package io.tidegate;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The time of a test: it stands still unless the test lets it pass. Clock and timers of whoever lives by it go on
 * together; what a timer does may still be under way when it has passed.
 */
public final class TestTime {

    /** No longer at once: the timers in between see a clock that has come about as far as they have. */
    private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();

    /** Of a time that goes on by itself, a step takes so long at least: what was due has the time to be done. */
    private static final long FLOW_INTERVAL_NANOS = 1_000_000;

    /** What is done while time goes on. */
    public interface Waiting<T, E extends Exception> {
        T get() throws E;
    }

    /** The same, where nothing comes of it. */
    public interface Doing<E extends Exception> {
        void run() throws E;
    }

    /** Time that goes on by itself, until it is closed. */
    private static final class Flow {

        private final AtomicBoolean over = new AtomicBoolean();

        Flow(TestTime time, long stepNanos) {
            var thread = new Thread(
                    () -> {
                        while (!over.get()) {
                            time.step(stepNanos);
                            LockSupport.parkNanos(FLOW_INTERVAL_NANOS);
                        }
                    },
                    "test-time");
            thread.setDaemon(true);
            thread.start();
        }

        void close() {
            over.set(true);
        }
    }

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<ManualScheduler> schedulers = new CopyOnWriteArrayList<>();

    /** For the configuration of an actor system that is to live by such a time. */
    public static Config config() {
        return ConfigFactory.parseString("akka.scheduler.implementation = " + ManualScheduler.class.getName());
    }

    public LongSupplier nanoClock() {
        return nanos::get;
    }

    /** The time of day by the same clock; it begins with that of computers. */
    public InstantSource wallClock() {
        return () -> Instant.EPOCH.plusNanos(nanos.get());
    }

    /** From now on the timers of the system go with this time. */
    public void drives(ActorSystem<?> system) {
        schedulers.add((ManualScheduler) system.classicSystem().scheduler());
    }

    /** Returns when all timers that were due have run. */
    public void passes(Duration duration) {
        for (long left = duration.toNanos(); left > 0; left -= STEP_NANOS) {
            step(Math.min(left, STEP_NANOS));
        }
    }

    private synchronized void step(long length) {
        nanos.addAndGet(length);
        schedulers.forEach(scheduler -> scheduler.passes(length));
    }

    /** Lets it go on by itself, some fifty times as fast as usual, while something that takes long is waited for. */
    public <T, E extends Exception> T flowsWhile(Waiting<T, E> waiting) throws E {
        return flowsWhile(STEP_NANOS, waiting);
    }

    /** The same, where nothing comes of it. */
    public <E extends Exception> void flowsWhile(Doing<E> doing) throws E {
        flowsWhile(STEP_NANOS, nothingOf(doing));
    }

    /** Lets it go on no faster than usual, while real work is done that has limits of time. */
    public <T, E extends Exception> T flowsAsUsualWhile(Waiting<T, E> waiting) throws E {
        return flowsWhile(FLOW_INTERVAL_NANOS, waiting);
    }

    /** The same, where nothing comes of it. */
    public <E extends Exception> void flowsAsUsualWhile(Doing<E> doing) throws E {
        flowsWhile(FLOW_INTERVAL_NANOS, nothingOf(doing));
    }

    private static <E extends Exception> Waiting<Boolean, E> nothingOf(Doing<E> doing) {
        return () -> {
            doing.run();
            return true;
        };
    }

    private <T, E extends Exception> T flowsWhile(long stepNanos, Waiting<T, E> waiting) throws E {
        var flow = new Flow(this, stepNanos);
        try {
            return waiting.get();
        } finally {
            flow.close();
        }
    }
}
