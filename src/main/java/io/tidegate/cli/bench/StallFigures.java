package io.tidegate.cli.bench;

/**
 * What a stall of some followers meant for the others, and for themselves. The throughput is that of one of the others.
 *
 * @param before updates a second before the stall
 * @param during updates a second during the stall
 * @param catchingUp updates a second from the end of the stall until all had caught up
 * @param after updates a second from then on; 0 if the measurement was over by then
 * @param catchUp updates a second of one laggard until it had caught up, on average
 * @param caughtUpNanos from the end of the stall until the last laggard had caught up
 */
record StallFigures(double before, double during, double catchingUp, double after, double catchUp, long caughtUpNanos) {

    /** How many times as fast as the others a laggard is while it catches up. */
    double catchUpRatio() {
        return catchingUp == 0 ? 0 : catchUp / catchingUp;
    }
}
