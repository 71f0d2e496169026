package io.tidegate.cli.bench;

import java.util.concurrent.TimeUnit;

/**
 * How long a run waits, so that it always ends.
 *
 * @param connectNanos for all connections together, and again for their subscriptions
 * @param quietNanos for the next arrival, when something is still on its way; what has not come by then is lost
 * @param arrivalNanos for the last arrival, after the last update was to be sent
 */
record Patience(long connectNanos, long quietNanos, long arrivalNanos) {

    static final Patience DEFAULT =
            new Patience(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(60));
}
