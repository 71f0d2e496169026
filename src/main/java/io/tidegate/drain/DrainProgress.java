package io.tidegate.drain;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a drain is: a state machine without clock, threads or effects.
 *
 * <pre>
 *             running ◄──cancel── announcing ─► unbinding ─► committing ─► connections ─► closing ─► ended
 *  begin         └────────────────────┘
 *  done(p)                            └─────────────┴─────────────┴─────────────┴─────────────┘  to what follows p
 *  deadline                           └─────────────┘             └─────────────┘
 *  force         └────────────────────┴─────────────┘             ┊ from there on only noted
 * </pre>
 *
 * <p>Whatever else happens changes nothing, and {@link #on} returns the same object: a second begin, a cancel that comes too
 * late, the end of a phase that is over, the deadline of a drain that was cancelled. The first reason stands; an announcement is
 * over when the first of those is over that were asked for. After {@code ended} nothing happens.
 *
 * @param run counts the drains that were begun; 0 before the first
 * @param reason what began this drain; empty while running
 * @param forced whether somebody did not want to wait
 * @param irrevocable whether it can no longer be cancelled, whatever the phase
 * @param commitAbandoned whether the store did not finish in time what publishers were promised
 * @param begunNanos when this drain was begun
 * @param announcedNanos when its announcement is over
 * @param waitingNanos when the listeners began to close, and {@code drain.timeout} began
 */
record DrainProgress(
        DrainPhase phase,
        int run,
        String reason,
        boolean forced,
        boolean irrevocable,
        boolean commitAbandoned,
        long begunNanos,
        long announcedNanos,
        long waitingNanos) {

    static final DrainProgress START = running(0);

    private static DrainProgress running(int run) {
        return new DrainProgress(DrainPhase.RUNNING, run, "", false, false, false, 0, 0, 0);
    }

    /**
     * What comes of an event.
     *
     * @param nowNanos never earlier than at the event before
     */
    DrainProgress on(DrainEvent event, long nowNanos) {
        if (event instanceof DrainEvent.Begin begin) {
            return phase == DrainPhase.RUNNING ? begin(begin, nowNanos) : beginAgain(begin, nowNanos);
        } else if (event instanceof DrainEvent.Cancel) {
            return isCancellable() ? running(run) : this;
        } else if (event instanceof DrainEvent.Force force) {
            return force(force, nowNanos);
        } else if (event instanceof DrainEvent.Done done) {
            return phase == DrainPhase.RUNNING || phase.compareTo(done.phase()) > 0
                    ? this
                    : at(done.phase().next(), commitAbandoned, nowNanos);
        } else if (event instanceof DrainEvent.Deadline deadline) {
            return deadline.phase() == phase && deadline.run() == run ? overdue(nowNanos) : this;
        }
        throw new IllegalArgumentException(event.toString());
    }

    private DrainProgress begin(DrainEvent.Begin begin, long nowNanos) {
        return new DrainProgress(
                DrainPhase.ANNOUNCING,
                run + 1,
                begin.reason(),
                false,
                begin.irrevocable(),
                false,
                nowNanos,
                nowNanos + begin.announce().toNanos(),
                0);
    }

    /** Whoever is in more of a hurry must not wait for whoever came first. */
    private DrainProgress beginAgain(DrainEvent.Begin begin, long nowNanos) {
        long overNanos = nowNanos + begin.announce().toNanos();
        boolean isSooner = phase == DrainPhase.ANNOUNCING && overNanos - announcedNanos < 0;
        boolean isSealed = begin.irrevocable() && !irrevocable;
        return !isSooner && !isSealed
                ? this
                : new DrainProgress(
                        phase,
                        run,
                        reason,
                        forced,
                        irrevocable || isSealed,
                        commitAbandoned,
                        begunNanos,
                        isSooner ? overNanos : announcedNanos,
                        waitingNanos);
    }

    private DrainProgress force(DrainEvent.Force force, long nowNanos) {
        if (forced || phase == DrainPhase.ENDED) {
            return this;
        }
        DrainProgress begun = phase == DrainPhase.RUNNING
                ? begin(new DrainEvent.Begin(force.reason(), true, Duration.ZERO), nowNanos)
                : this;
        DrainProgress closing =
                begun.phase == DrainPhase.ANNOUNCING ? begun.at(DrainPhase.UNBINDING, false, nowNanos) : begun;
        return new DrainProgress(
                closing.phase,
                closing.run,
                closing.reason,
                true,
                true,
                commitAbandoned,
                closing.begunNanos,
                closing.announcedNanos,
                closing.waitingNanos);
    }

    /** Only these two phases end by their deadline; that of the connections ends when the stragglers are aborted. */
    private DrainProgress overdue(long nowNanos) {
        return switch (phase) {
            case ANNOUNCING -> at(DrainPhase.UNBINDING, false, nowNanos);
            case COMMITTING -> at(DrainPhase.CONNECTIONS, true, nowNanos);
            case RUNNING, UNBINDING, CONNECTIONS, CLOSING, ENDED -> this;
        };
    }

    private DrainProgress at(DrainPhase reached, boolean abandoned, long nowNanos) {
        if (reached == phase) {
            return this;
        }
        boolean waits = phase.compareTo(DrainPhase.UNBINDING) < 0 && reached.compareTo(DrainPhase.UNBINDING) >= 0;
        return new DrainProgress(
                reached,
                run,
                reason,
                forced,
                true,
                abandoned,
                begunNanos,
                announcedNanos,
                waits ? nowNanos : waitingNanos);
    }

    /** Whether a {@link DrainEvent.Cancel} makes the server run on. */
    boolean isCancellable() {
        return phase == DrainPhase.ANNOUNCING && !irrevocable;
    }

    /** In one line, where it is not. */
    String whyNotCancellable() {
        if (phase == DrainPhase.RUNNING) {
            return "there is nothing to cancel: the server is not draining";
        }
        if (phase != DrainPhase.ANNOUNCING) {
            return String.format(
                    Locale.ROOT,
                    "the drain cannot be cancelled any more: it is no longer announcing (phase %d/%d, %s)",
                    phase.number(),
                    DrainPhase.last(),
                    phase);
        }
        return "the drain cannot be cancelled: the actor system is being shut down, which cannot be taken back";
    }

    /** How long it takes at most until every connection has ended; zero when nothing is waited for. */
    Duration left(DrainSettings settings, long nowNanos) {
        if (forced) {
            return Duration.ZERO;
        }
        return switch (phase) {
            case ANNOUNCING -> announcement(nowNanos).plus(settings.timeout());
            case UNBINDING, COMMITTING, CONNECTIONS -> rest(settings.timeout(), waitingNanos, nowNanos);
            case RUNNING, CLOSING, ENDED -> Duration.ZERO;
        };
    }

    /** How long it is still announced. */
    Duration announcement(long nowNanos) {
        return phase == DrainPhase.ANNOUNCING
                ? rest(Duration.ofNanos(announcedNanos - begunNanos), begunNanos, nowNanos)
                : Duration.ZERO;
    }

    private static Duration rest(Duration whole, long sinceNanos, long nowNanos) {
        Duration rest = whole.minusNanos(nowNanos - sinceNanos);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
