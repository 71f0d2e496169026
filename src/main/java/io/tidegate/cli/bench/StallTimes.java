package io.tidegate.cli.bench;

/** Where a run was at the turning points of a stall. */
record StallTimes(Snapshot start, Snapshot stalled, Snapshot resumed, Snapshot caughtUp, Snapshot end) {

    StallFigures figures(int readers, double catchUpPerSecond) {
        return new StallFigures(
                perSecond(start, stalled, readers),
                perSecond(stalled, resumed, readers),
                perSecond(resumed, caughtUp, readers),
                perSecond(caughtUp, end, readers),
                catchUpPerSecond,
                caughtUp.nanos() - resumed.nanos());
    }

    private static double perSecond(Snapshot from, Snapshot to, int readers) {
        Snapshot between = to.since(from);
        return between.nanos() == 0
                ? 0
                : (double) between.readerDeliveries() / readers / RunClock.secondsOf(between.nanos());
    }
}
