package io.tidegate.drain;

import io.tidegate.ledger.Census;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** The drain of one server: takes events from any thread, one after the other, and tells the watchers. Thread-safe. */
public final class DrainCourse {

    private final DrainSettings settings;
    private final LongSupplier openConnections;
    private final LongSupplier nanoClock;
    private final List<DrainWatcher> watchers = new CopyOnWriteArrayList<>(List.of(new DrainLog()));
    private volatile DrainProgress progress = DrainProgress.START;
    private volatile long stragglers;

    public DrainCourse(DrainSettings settings, LongSupplier openConnections, LongSupplier nanoClock) {
        this.settings = settings;
        this.openConnections = openConnections;
        this.nanoClock = nanoClock;
    }

    public void watch(DrainWatcher watcher) {
        watchers.add(watcher);
    }

    /** The time that all limits of the server go by. */
    long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** What came of an event; of the same event from several threads it is a change for one. */
    record Step(DrainProgress before, DrainProgress after) {

        /** Whether it is forced from now on. */
        boolean isForced() {
            return after.forced() && !before.forced();
        }

        /** Whether what is announced comes sooner. */
        boolean isSooner() {
            return !isMove() && after.announcedNanos() != before.announcedNanos();
        }

        /** Whether another phase was reached. */
        boolean isMove() {
            return after.phase() != before.phase();
        }
    }

    /** The watchers are told before it returns, so that they hear of the phases in their order. */
    synchronized Step apply(DrainEvent event) {
        var step = new Step(progress, progress.on(event, nanoClock.getAsLong()));
        progress = step.after();
        if (step.isMove()) {
            DrainStatus status = status();
            watchers.forEach(watcher -> watcher.phaseChanged(status));
        }
        return step;
    }

    DrainSettings settings() {
        return settings;
    }

    DrainProgress progress() {
        return progress;
    }

    /** For how long it has gone on; zero while the server runs. */
    Duration lasted() {
        DrainProgress now = progress;
        return now.phase() == DrainPhase.RUNNING
                ? Duration.ZERO
                : Duration.ofNanos(nanoClock.getAsLong() - now.begunNanos());
    }

    /** A second has passed. */
    synchronized void progressed(Census census) {
        stragglers = census.stragglers();
        // What comes when the report is known says less than it.
        if (progress.phase() != DrainPhase.RUNNING && progress.phase().compareTo(DrainPhase.CLOSING) < 0) {
            DrainStatus status = status();
            watchers.forEach(watcher -> watcher.progressed(status));
        }
    }

    synchronized void reported(DrainReport report) {
        watchers.forEach(watcher -> watcher.reported(report));
    }

    public DrainStatus status() {
        DrainProgress now = progress;
        long nowNanos = nanoClock.getAsLong();
        long open = openConnections.getAsLong();
        return new DrainStatus(
                now.phase(),
                now.reason(),
                open,
                Math.min(stragglers, open),
                now.announcement(nowNanos),
                now.left(settings, nowNanos),
                now.forced(),
                now.isCancellable());
    }
}
