package io.tidegate.drain;

import io.tidegate.ledger.Census;
import java.time.Duration;

/**
 * What a stop would take if it was begun now.
 *
 * @param connections that are open
 * @param lagging clients that still have to be sent updates from the log
 * @param stuck clients that have accepted no byte for a second although there is data for them
 * @param announce for how long it is announced, which is in both of the following
 * @param likely how long it takes if the clients go on as they do: a stuck one is waited for until {@code drain.timeout}
 * @param longest how long it takes at most until every connection has ended
 */
public record DrainForecast(
        long connections, int lagging, long stuck, Duration announce, Duration likely, Duration longest) {

    /** To end one connection that reads and closes: measured, with a margin. */
    private static final Duration EACH = Duration.ofNanos(100_000);

    /** To commit, unbind, close the store and end the process: measured, with a margin. */
    private static final Duration REST = Duration.ofMillis(300);

    /**
     * The model: announce + spread + a tenth of a millisecond for each connection + 0.3 s; with somebody stuck, announce +
     * timeout + 0.3 s. What lagging clients still have to be sent is not in it: it depends on how fast they read.
     */
    public static DrainForecast of(DrainSettings settings, Census census, int lagging) {
        Duration longest = settings.announce().plus(settings.timeout()).plus(REST);
        Duration each = settings.spread().plus(EACH.multipliedBy(census.connections()));
        Duration waits = census.stubborn() > 0 || each.compareTo(settings.timeout()) > 0 ? settings.timeout() : each;
        return new DrainForecast(
                census.connections(),
                lagging,
                census.stubborn(),
                settings.announce(),
                settings.announce().plus(waits).plus(REST),
                longest);
    }
}
